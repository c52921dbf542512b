import Foundation
import Journal
import Runner

/// The newest attempts, as `runs` prints them.
struct AttemptsListing: Sendable {
    /// One line.
    struct Line: Sendable {
        var attempt: AttemptSummary
        /// Whether somebody works on it now.
        var isAlive: Bool

        /// The status in one word: that of the end, `running`, or `interrupted?` where the runner is gone without an end.
        var status: String {
            attempt.endedAt == nil && !isAlive ? "interrupted?" : attempt.status
        }

        /// All tokens of all models and kinds.
        var tokens: Int {
            let usage = attempt.usage
            return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheCreationTokens
        }

        /// The cost in USD, that so far where there is no end; nil where nobody told one.
        var costUSD: Double? { attempt.endedAt == nil ? attempt.usage.costUSD : attempt.costUSD }
    }

    var lines: [Line]

    init(_ attempts: [AttemptSummary], stateDirectory: String) {
        lines = attempts.map { attempt in
            let stream = StreamFile.path(
                directory: stateDirectory,
                runID: attempt.runID,
                attemptNumber: attempt.number
            )
            return Line(attempt: attempt, isAlive: attempt.endedAt == nil && StreamFile.isHeld(stream))
        }
    }
}

extension AttemptsListing: Encodable {
    func encode(to encoder: any Encoder) throws {
        let object: [String: JSONTree] = [
            "schema_version": .integer(1), "runs": .array(lines.map { .object(Self.fields(of: $0)) }),
        ]
        try object.encode(to: encoder)
    }

    private static func fields(of line: Line) -> [String: JSONTree] {
        let attempt = line.attempt
        return [
            "run_id": .string(attempt.runID), "attempt": .integer(attempt.number), "attempt_id": .string(attempt.id),
            "continues": .text(attempt.continues),
            "plan": .object(["file": .string(attempt.planFile), "path": .text(attempt.planPath)]),
            "task_id": .string(attempt.taskID), "task_title": .string(attempt.taskTitle),
            "agent": .string(attempt.agent),
            "sandbox": .string(attempt.sandbox), "replayed": .bool(attempt.isReplayed),
            "started_at": .string(attempt.startedAt.inISO8601), "ended_at": .text(attempt.endedAt?.inISO8601),
            "duration_seconds": .decimal(attempt.milliseconds.map { Double($0) / 1000 }),
            "status": .string(line.status),
            "cause": .text(attempt.cause), "exit_code": .whole(attempt.exitCode),
            "claim": .text(attempt.claim), "verdict": .text(attempt.verdict),
            "session_id": .text(attempt.sessionID), "cost_usd": .number(line.costUSD ?? 0),
            "cost_known": .bool(line.costUSD != nil),
            "cost_estimated": .bool(attempt.isCostEstimated || attempt.endedAt == nil),
            "tokens_used": .integer(line.tokens), "resume_at": .text(attempt.resumeAt?.inISO8601),
        ]
    }
}
