import Foundation
import Journal
import Runner

/// What the journal has of a run, as `result.json` of a bundle: every field of every attempt.
///
/// Names are those of `--json` where it has them; what is not known is null.
struct BundledRun: Sendable {
    var attempts: [AttemptRecord]
    /// What each attempt used, by its id.
    var usage: [String: [UsageRecord]]

    /// The whole document.
    var json: JSONTree {
        .object([
            "schema_version": .integer(1),
            "run_id": .text(attempts.first?.runID),
            "attempts": .array(attempts.map { attempt($0) }),
        ])
    }

    private func attempt(_ attempt: AttemptRecord) -> JSONTree {
        var members: [String: JSONTree] = [
            "id": .string(attempt.id),
            "run_id": .string(attempt.runID),
            "attempt": .integer(attempt.number),
            "plan": .object([
                "file": .string(attempt.planFile), "path": .text(attempt.planPath), "hash": .text(attempt.planHash),
            ]),
            "milestone_id": .string(attempt.milestoneID),
            "task_id": .string(attempt.taskID),
            "task_title": .string(attempt.taskTitle),
            "agent": .string(attempt.agent),
            "agent_version": .text(attempt.agentVersion),
            "program_version": .text(attempt.programVersion),
            "sandbox": .string(attempt.sandbox),
            "container": .text(attempt.container),
            "workspace": .text(attempt.workspace),
            "replayed": .bool(attempt.isReplayed),
            "process_id": .whole(attempt.processID),
            "started_at": .string(attempt.startedAt.inISO8601),
            "trace_id": .text(attempt.traceID),
            "stream": .string(attempt.stream),
            "session_id": .text(attempt.end?.sessionID ?? attempt.sessionID),
            "continues": .text(attempt.continues),
            "answer": .text(attempt.answer),
            "task_options": .parsed(attempt.options),
            "models": .array((usage[attempt.id] ?? []).map(Self.model)),
        ]
        let end = attempt.end.map { Self.outcome($0).merging(Self.evidence($0)) { $1 } } ?? ["ended_at": .null]
        members.merge(end) { $1 }
        return .object(members)
    }

    private static func outcome(_ end: AttemptRecord.End) -> [String: JSONTree] {
        [
            "ended_at": .string(end.at.inISO8601),
            "duration_seconds": .number(Double(end.milliseconds) / 1000),
            "status": .string(end.status),
            "cause": .string(end.cause),
            "exit_code": .whole(end.exitCode),
            "claim": .text(end.claim),
            "verdict": .string(end.verdict),
            "cost_usd": .decimal(end.costUSD),
            "cost_estimated": .bool(end.isCostEstimated),
            "turns": .integer(end.turns),
            "retries": .integer(end.retries),
            "fixes": .integer(end.fixes),
            "resume_at": .text(end.resumeAt?.inISO8601),
        ]
    }

    private static func evidence(_ end: AttemptRecord.End) -> [String: JSONTree] {
        [
            "output": .string(end.output),
            "question": .text(end.question),
            "options": .texts(end.options),
            "recommendation": .text(end.recommendation),
            "error": .text(end.error),
            "advice": .text(end.advice),
            "notes": .texts(end.notes),
            "verification": .parsed(end.verification),
            "changes": .parsed(end.changes),
            "processes": .parsed(end.processes),
        ]
    }

    private static func model(_ usage: UsageRecord) -> JSONTree {
        .object([
            "model": .string(usage.model),
            "tokens": .object([
                "input": .integer(usage.inputTokens), "output": .integer(usage.outputTokens),
                "cache_read": .integer(usage.cacheReadTokens), "cache_creation": .integer(usage.cacheCreationTokens),
                "thinking": .whole(usage.thinkingTokens),
            ]),
            "cost_usd": .number(usage.costUSD),
        ])
    }
}
