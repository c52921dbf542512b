import Foundation
import Journal
import OTelSDK
import Runner

/// The program's counters, as totals over the journal: right across processes, since nobody increments them.
struct JournalMetrics: MetricProducer {
    let journal: Journal
    /// Where what the collector has not taken waits.
    let spoolDirectory: String
    /// The generation of the GenAI conventions by which operations are told.
    let conventions: GenAIConventions

    func produce() throws -> [ProducedMetric] {
        let totals = try journal.totals()
        let start = totals.since.inNanoseconds
        return [
            Self.tasks(totals, start), Self.outcomes(totals, start), Self.tokens(totals, start),
            Self.thinking(totals, start), Self.cost(totals, start), Self.durations(totals, start),
            Self.healthChecks(totals, start), Self.tools(totals, start), Self.questions(totals, start),
        ] + Self.spool(TelemetrySpool(directory: spoolDirectory), start) + conventions.metrics(of: totals, since: start)
    }

    /// Every status has its point, also before the first attempt, so that the first one is seen as an increase.
    private static func tasks(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = TaskStatus.allCases.map { status in
            ProducedMetric.CounterPoint(
                attributes: ["status": status.rawValue],
                value: .int(Int64(totals.attempts[status.rawValue] ?? 0))
            )
        }
        return ProducedMetric(
            name: "orchestrator_tasks_total",
            unit: "{task}",
            description: "Total tasks executed",
            startTime: start,
            kind: .counter(points)
        )
    }

    /// What the journal has, and a zero for each limit, so that the first hit is seen as an increase.
    private static func outcomes(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        var counts: [[String: String]: Int] = [:]
        for cause in Cause.allCases where cause.row.exitCode == .limitReached {
            let status = cause.row.status.rawValue
            counts[["status": status, "cause": cause.rawValue, "claim": "none", "verdict": "unchecked"]] = 0
        }
        for outcome in totals.outcomes {
            let attributes = [
                "status": outcome.status, "cause": outcome.cause, "claim": outcome.claim ?? "none",
                "verdict": outcome.verdict,
            ]
            counts[attributes, default: 0] += outcome.attempts
        }
        return ProducedMetric(
            name: "orchestrator_outcomes_total",
            unit: "{task}",
            description: "Total tasks by what they came to: cause, claim of the agent, verdict of the checks",
            startTime: start,
            kind: .counter(counts.map { .init(attributes: $0.key, value: .int(Int64($0.value))) })
        )
    }

    private static func healthChecks(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = HealthCheckRecord.Status.allCases.map { status in
            ProducedMetric.CounterPoint(
                attributes: ["status": status.rawValue],
                value: .int(Int64(totals.healthChecks[status.rawValue] ?? 0))
            )
        }
        return ProducedMetric(
            name: "orchestrator_health_checks_total",
            unit: "{check}",
            description: "Total health checks",
            startTime: start,
            kind: .counter(points)
        )
    }

    private static func tokens(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = totals.models.sorted { $0.key < $1.key }
            .flatMap { model, used in
                [
                    ("input", used.inputTokens), ("output", used.outputTokens), ("cache_read", used.cacheReadTokens),
                    ("cache_creation", used.cacheCreationTokens),
                ]
                .map { type, count in
                    ProducedMetric.CounterPoint(attributes: ["type": type, "model": model], value: .int(Int64(count)))
                }
            }
        return ProducedMetric(
            name: "orchestrator_tokens_total",
            unit: "{token}",
            description: "Total tokens used",
            startTime: start,
            kind: .counter(points)
        )
    }

    /// No type of ``tokens(_:_:)``, as it is part of the output.
    private static func thinking(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = totals.models.sorted { $0.key < $1.key }
            .compactMap { model, used in
                used.thinkingTokens.map {
                    ProducedMetric.CounterPoint(attributes: ["model": model], value: .int(Int64($0)))
                }
            }
        return ProducedMetric(
            name: "orchestrator_thinking_tokens_total",
            unit: "{token}",
            description: "Total output tokens that were thinking, where the agent tells it",
            startTime: start,
            kind: .counter(points)
        )
    }

    private static func cost(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = totals.models.sorted { $0.key < $1.key }
            .map { ProducedMetric.CounterPoint(attributes: ["model": $0], value: .double($1.costUSD)) }
        return ProducedMetric(
            name: "orchestrator_cost_usd_total",
            unit: "{USD}",
            description: "Total cost in USD",
            startTime: start,
            kind: .counter(points)
        )
    }

    private static func durations(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = totals.durations.sorted { $0.key < $1.key }
            .map { status, durations in
                ProducedMetric.HistogramPoint(
                    attributes: ["status": status],
                    count: UInt64(durations.bucketCounts.reduce(0, +)),
                    sum: durations.sumSeconds,
                    min: durations.minSeconds,
                    max: durations.maxSeconds,
                    bounds: JournalTotals.durationBounds,
                    bucketCounts: durations.bucketCounts.map(UInt64.init),
                    exemplars: durations.examples.map {
                        .init(value: $0.seconds, time: $0.endedAt.inNanoseconds, traceID: $0.traceID)
                    }
                )
            }
        return ProducedMetric(
            name: "orchestrator_task_duration_seconds",
            unit: "s",
            description: "How long tasks took",
            startTime: start,
            kind: .histogram(points)
        )
    }

    private static func tools(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        let points = totals.tools.flatMap { use in
            [("ok", use.succeeded), ("error", use.errors), ("denied", use.denied)]
                .map { outcome, count in
                    ProducedMetric.CounterPoint(
                        attributes: ["tool": use.tool, "outcome": outcome],
                        value: .int(Int64(count))
                    )
                }
        }
        return ProducedMetric(
            name: "orchestrator_tool_calls_total",
            unit: "{call}",
            description: "Total tool calls of the agent",
            startTime: start,
            kind: .counter(points)
        )
    }

    private static func questions(_ totals: JournalTotals, _ start: UInt64) -> ProducedMetric {
        ProducedMetric(
            name: "orchestrator_questions_open",
            unit: "{question}",
            description: "Questions that wait for an answer",
            startTime: start,
            kind: .gauge([.init(value: .int(Int64(totals.openQuestions)))])
        )
    }

    /// What waits at this moment; of what a killed run has left, that which the next start will find.
    private static func spool(_ spool: TelemetrySpool, _ start: UInt64) -> [ProducedMetric] {
        let items = [
            ("spans", spool.spans + spool.spansOfKilledProcesses),
            ("log_records", spool.logRecords + spool.logRecordsOfKilledProcesses),
        ]
        let age = (spool.oldestAge ?? .zero) / .seconds(1)
        return [
            ProducedMetric(
                name: "orchestrator_spool_oldest_age_seconds",
                unit: "s",
                description: "How long the oldest telemetry has waited for the collector; 0 where none waits",
                startTime: start,
                kind: .gauge([.init(value: .double(age))])
            ),
            ProducedMetric(
                name: "orchestrator_spool_items",
                unit: "{item}",
                description: "Spans and log records that wait for the collector",
                startTime: start,
                kind: .gauge(items.map { .init(attributes: ["signal": $0.0], value: .int(Int64($0.1))) })
            ),
        ]
    }
}

extension Date {
    /// Nanoseconds since 1970, as OTLP has times.
    var inNanoseconds: UInt64 { UInt64(max(0, timeIntervalSince1970 * 1e9)) }
}
