import Foundation
import Journal
import OTelSDK
import Runner
import Testing

@testable import orchestrator

@Suite("Counters as totals over the journal")
struct JournalMetricsTests {
    private func metrics(
        _ attempts: [(status: String, isReplayed: Bool)],
        conventions: GenAIConventions = .released
    ) async throws -> [String: ProducedMetric] {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("metrics-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let journal = try Journal(directory: directory, now: Date(timeIntervalSince1970: 1_700_000_000))
        for (number, attempt) in attempts.enumerated() {
            var record = AttemptRecord(
                id: "r.\(number)",
                runID: "r",
                number: number,
                planFile: "plan.md",
                milestoneID: "M1",
                taskID: "1.1",
                taskTitle: "T",
                agent: "claude-code",
                sandbox: "docker",
                isReplayed: attempt.isReplayed,
                processID: 1,
                startedAt: Date(timeIntervalSince1970: 1_700_000_100),
                traceID: String(repeating: "\(number)", count: 32),
                stream: "s"
            )
            try await journal.begin(record)
            record.end = AttemptRecord.End(
                at: Date(timeIntervalSince1970: 1_700_000_110),
                milliseconds: 10_000,
                status: attempt.status,
                cause: "c",
                exitCode: 0,
                verdict: "unchecked"
            )
            let usage = UsageRecord(
                attemptID: record.id,
                model: "opus",
                inputTokens: 100,
                outputTokens: 20,
                cacheReadTokens: 3,
                cacheCreationTokens: 4,
                thinkingTokens: 5,
                costUSD: 0.5
            )
            var operations = AttemptOperations()
            operations.addResponse(
                provider: "anthropic",
                requestModel: "opus",
                model: "opus",
                inputTokens: 107,
                outputTokens: 20,
                duration: .seconds(2),
                errorType: nil
            )
            operations.addToolCall("Bash", duration: .milliseconds(15), errorType: nil, isDenied: false)
            operations.addToolCall("Write", duration: .zero, errorType: "denied", isDenied: true)
            try await journal.finish(record, usage: [usage], operations: operations)
        }
        let producer = JournalMetrics(
            journal: journal,
            spoolDirectory: directory + "/spool",
            conventions: conventions
        )
        return Dictionary(uniqueKeysWithValues: try producer.produce().map { ($0.name, $0) })
    }

    private func points(_ metric: ProducedMetric?) -> [[String: String]: ProducedMetric.Value] {
        switch metric?.kind {
        case .counter(let points)?, .gauge(let points)?:
            Dictionary(uniqueKeysWithValues: points.map { ($0.attributes, $0.value) })
        default: [:]
        }
    }

    private func histogram(_ metric: ProducedMetric?) -> [ProducedMetric.HistogramPoint] {
        if case .histogram(let points)? = metric?.kind { points } else { [] }
    }

    @Test("Before the first attempt every status has its zero point, since the journal was made")
    func zeroPoints() async throws {
        let metrics = try await metrics([])
        let tasks = try #require(metrics["orchestrator_tasks_total"])
        #expect(tasks.startTime == 1_700_000_000_000_000_000)
        #expect(
            points(tasks) == [
                ["status": "completed"]: .int(0), ["status": "failed"]: .int(0), ["status": "needs_human"]: .int(0),
            ]
        )
        #expect(
            points(metrics["orchestrator_health_checks_total"]) == [
                ["status": "ok"]: .int(0), ["status": "failing"]: .int(0),
            ]
        )
        let outcomes = points(metrics["orchestrator_outcomes_total"])
        let limit = ["status": "failed", "cause": "turn_limit", "claim": "none", "verdict": "unchecked"]
        #expect(outcomes[limit] == .int(0) && outcomes.values.allSatisfy { $0 == .int(0) })
        #expect(points(metrics["orchestrator_questions_open"]) == [[:]: .int(0)])
        #expect(points(metrics["orchestrator_tokens_total"]).isEmpty)
        #expect(histogram(metrics["gen_ai.client.token.usage"]).isEmpty)
    }

    @Test("Attempts, tokens, cost and durations are summed up, replays are not")
    func sums() async throws {
        let metrics = try await metrics([
            ("completed", false), ("completed", false), ("failed", false), ("failed", true),
        ])
        let tasks = points(metrics["orchestrator_tasks_total"])
        #expect(tasks[["status": "completed"]] == .int(2))
        #expect(tasks[["status": "failed"]] == .int(1))
        let tokens = points(metrics["orchestrator_tokens_total"])
        #expect(tokens[["type": "input", "model": "opus"]] == .int(300))
        #expect(tokens[["type": "cache_creation", "model": "opus"]] == .int(12))
        #expect(points(metrics["orchestrator_cost_usd_total"]) == [["model": "opus"]: .double(1.5)])
        #expect(points(metrics["orchestrator_thinking_tokens_total"]) == [["model": "opus"]: .int(15)])
        let durations = histogram(metrics["orchestrator_task_duration_seconds"])
        #expect(durations.map(\.count).reduce(0, +) == 3)
        #expect(durations.first { $0.attributes["status"] == "completed" }?.sum == 20)
        let examples = durations.map { $0.exemplars.map(\.traceID) }
        #expect(
            examples == [[String(repeating: "1", count: 32)], [String(repeating: "2", count: 32)]],
            "the newest of each status, no replay"
        )
        #expect(durations[0].exemplars[0].time == 1_700_000_110_000_000_000 && durations[0].exemplars[0].value == 10)
    }

    @Test("Outcomes, tool calls, questions and the spool are told")
    func others() async throws {
        let metrics = try await metrics([("completed", false), ("needs_human", false), ("needs_human", true)])
        let outcomes = points(metrics["orchestrator_outcomes_total"])
        let outcome = ["status": "needs_human", "cause": "c", "claim": "none", "verdict": "unchecked"]
        #expect(outcomes[outcome] == .int(1))
        let tools = points(metrics["orchestrator_tool_calls_total"])
        #expect(tools[["tool": "Bash", "outcome": "ok"]] == .int(2))
        #expect(tools[["tool": "Bash", "outcome": "error"]] == .int(0))
        #expect(tools[["tool": "Write", "outcome": "denied"]] == .int(2))
        #expect(points(metrics["orchestrator_questions_open"]) == [[:]: .int(1)])
        #expect(points(metrics["orchestrator_spool_oldest_age_seconds"]) == [[:]: .double(0)])
        #expect(
            points(metrics["orchestrator_spool_items"]) == [
                ["signal": "spans"]: .int(0), ["signal": "log_records"]: .int(0),
            ]
        )
    }

    @Test("Operations are told by the released conventions, or by the newest ones where the user opts in")
    func conventions() async throws {
        let released = try await metrics([("completed", false), ("failed", true)])
        let tokens = histogram(released["gen_ai.client.token.usage"])
        #expect(
            tokens.map(\.attributes["gen_ai.token.type"]) == ["input", "output"] && tokens.map(\.sum) == [107, 20]
        )
        #expect(tokens[0].bucketCounts.count == 15 && tokens[0].attributes["gen_ai.request.model"] == "opus")
        #expect(histogram(released["gen_ai.client.operation.duration"]).map(\.sum) == [2])
        #expect(histogram(released["gen_ai.execute_tool.duration"]).map(\.count) == [1, 1])
        #expect(!released.keys.contains { $0.hasPrefix("gen_ai.client.inference") })

        let newest = try await metrics([("completed", false)], conventions: .latestExperimental)
        let inputs = histogram(newest["gen_ai.client.inference.operation.input_tokens"])
        #expect(inputs.map(\.sum) == [107] && inputs[0].attributes["gen_ai.token.type"] == nil)
        #expect(histogram(newest["gen_ai.client.inference.duration"]).map(\.count) == [1])
        #expect(newest["gen_ai.client.token.usage"] == nil && newest["gen_ai.client.operation.duration"] == nil)
        let usage = "gen_ai.client.inference.usage."
        let counts = ["input_tokens", "output_tokens", "cache_read.input_tokens", "reasoning.output_tokens"]
            .map { points(newest[usage + $0]).values.first }
        #expect(counts == [.int(107), .int(20), .int(3), .int(5)])
    }

    @Test(
        "The opt-in is one word of a list",
        arguments: [
            (nil, false), ("", false), ("gen_ai_latest_experimental", true), ("http, gen_ai_latest_experimental", true),
            ("gen_ai_latest", false),
        ] as [(String?, Bool)]
    )
    func optIn(_ value: String?, _ isLatest: Bool) {
        let environment = value.map { ["OTEL_SEMCONV_STABILITY_OPT_IN": $0] } ?? [:]
        #expect((GenAIConventions(environment: environment) == .latestExperimental) == isLatest)
    }

    @Test("The units are such that the collector's Prometheus names stay ours")
    func units() async throws {
        let metrics = try await metrics([("completed", false)])
        #expect(metrics["orchestrator_tasks_total"]?.unit == "{task}")
        #expect(metrics["orchestrator_tokens_total"]?.unit == "{token}")
        #expect(metrics["orchestrator_cost_usd_total"]?.unit == "{USD}")
        #expect(metrics["orchestrator_task_duration_seconds"]?.unit == "s")
    }
}
