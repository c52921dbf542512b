import Foundation
import Journal
import OTelSDK
import Runner

/// The program's counters, as totals over the journal: right across processes, since nobody increments them.
struct JournalMetrics: MetricProducer {
    let journal: Journal

    func produce() throws -> [ProducedMetric] {
        let totals = try journal.totals()
        let start = UInt64(max(0, totals.since.timeIntervalSince1970 * 1e9))
        return [
            Self.tasks(totals, start), Self.tokens(totals, start), Self.cost(totals, start),
            Self.durations(totals, start),
        ]
        .filter { !$0.isEmpty }
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
                    bucketCounts: durations.bucketCounts.map(UInt64.init)
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
}

extension ProducedMetric {
    /// Whether it has no point yet.
    fileprivate var isEmpty: Bool {
        switch kind {
        case .counter(let points): points.isEmpty
        case .histogram(let points): points.isEmpty
        }
    }
}
