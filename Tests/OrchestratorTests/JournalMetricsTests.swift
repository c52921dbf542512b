import Foundation
import Journal
import OTelSDK
import Testing

@testable import orchestrator

@Suite("Counters as totals over the journal")
struct JournalMetricsTests {
    private func metrics(_ attempts: [(status: String, isReplayed: Bool)]) async throws -> [String: ProducedMetric] {
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
                costUSD: 0.5
            )
            try await journal.finish(record, usage: [usage])
        }
        return Dictionary(uniqueKeysWithValues: try JournalMetrics(journal: journal).produce().map { ($0.name, $0) })
    }

    private func points(_ metric: ProducedMetric?) -> [[String: String]: ProducedMetric.Value] {
        guard case .counter(let points)? = metric?.kind else { return [:] }
        return Dictionary(uniqueKeysWithValues: points.map { ($0.attributes, $0.value) })
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
        #expect(metrics.count == 1, "a metric without points is not sent")
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
        guard case .histogram(let durations)? = metrics["orchestrator_task_duration_seconds"]?.kind else {
            Issue.record("durations are a histogram")
            return
        }
        #expect(durations.map(\.count).reduce(0, +) == 3)
        #expect(durations.first { $0.attributes["status"] == "completed" }?.sum == 20)
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
