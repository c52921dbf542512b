import Foundation
import Journal

/// A state directory of a test's own, gone with it.
final class StateDirectory: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension AttemptRecord {
    static func stub(_ id: String = "r1.1", isReplayed: Bool = false) -> AttemptRecord {
        AttemptRecord(
            id: id,
            runID: id.split(separator: ".").first.map(String.init) ?? id,
            planFile: "plan.md",
            milestoneID: "1",
            taskID: "1.1",
            taskTitle: "Create hello.py",
            agent: "claude-code",
            sandbox: "docker",
            container: "ktrdr-sandbox",
            isReplayed: isReplayed,
            processID: 42,
            startedAt: Date(timeIntervalSince1970: 1_800_000_000.125),
            traceID: String(repeating: "a", count: 32),
            stream: "state/runs/r1/stream.jsonl",
            sessionID: "s"
        )
    }

    func ended(
        _ status: String = "completed",
        milliseconds: Int = 45_000,
        output: String = "It said \"done\"."
    )
        -> AttemptRecord
    {
        var attempt = self
        attempt.end = End(
            at: startedAt.addingTimeInterval(Double(milliseconds) / 1000),
            milliseconds: milliseconds,
            status: status,
            cause: "claimed",
            exitCode: 0,
            claim: status,
            verdict: "unchecked",
            sessionID: "s",
            costUSD: 0.02,
            turns: 3,
            output: output,
            question: "Which?",
            options: ["A, or so", "B\nC"],
            recommendation: "A",
            error: nil
        )
        return attempt
    }
}

extension UsageRecord {
    static func stub(_ attempt: String, model: String = "opus", input: Int = 10, cost: Double = 0.5) -> UsageRecord {
        UsageRecord(
            attemptID: attempt,
            model: model,
            inputTokens: input,
            outputTokens: 2,
            cacheReadTokens: 3,
            cacheCreationTokens: 4,
            costUSD: cost
        )
    }
}
