import Agents
import Foundation
import Journal
import Runner

/// A run as `show --json` prints it: all that a bundle has of it, and what follows from that.
///
/// Names are those of the result's JSON; what is not known is null, never absent.
struct RunListing: Encodable {
    private let run: RunRecord

    init(_ run: RunRecord) { self.run = run }

    func encode(to encoder: any Encoder) throws {
        let usage = run.attempts.map { ($0.record.id, $0.usage) }
        let kept = BundledRun(
            attempts: run.attempts.map(\.record),
            usage: Dictionary(usage) { first, _ in first }
        )
        guard case .object(var document) = kept.json, case .array(let attempts) = document["attempts"] else { return }
        document["attempts"] = .array(
            zip(attempts, run.attempts)
                .map { kept, attempt in
                    guard case .object(let members) = kept else { return kept }
                    return .object(members.merging(Self.additions(to: attempt)) { $1 })
                }
        )
        try document.encode(to: encoder)
    }

    private static func additions(to attempt: RunRecord.Attempt) -> [String: JSONTree] {
        var members: [String: JSONTree] = [
            "attempt_id": .string(attempt.record.id), "status": .string(attempt.status),
            "trace": .text(attempt.traceFile), "tokens_used": .integer(attempt.total.totalTokens),
            "tokens": .object([
                "input": .integer(attempt.total.inputTokens), "output": .integer(attempt.total.outputTokens),
                "cache_read": .integer(attempt.total.cacheReadTokens),
                "cache_creation": .integer(attempt.total.cacheCreationTokens),
                "thinking": .whole(attempt.total.thinkingTokens),
            ]),
            "tools": .array(
                attempt.tools.map { use in
                    .object([
                        "tool": .string(use.tool), "calls": .integer(use.calls), "errors": .integer(use.errors),
                        "denied": .integer(use.denied),
                    ])
                }
            ),
            "cost_usd": .number(attempt.costUSD ?? 0), "cost_known": .bool(attempt.costUSD != nil),
            "cost_estimated": .bool(attempt.record.end?.isCostEstimated ?? true), "checks": .array([]),
            "unchecked_criteria": .array([]),
        ]
        if case .object(let parts) = JSONTree.parsed(attempt.record.end?.verification) {
            members["checks"] = parts["checks"]
            members["unchecked_criteria"] = parts["unchecked"]
        }
        if attempt.record.end == nil {
            for name in namesOfEnd { members[name] = .null }
        }
        return members
    }

    /// What only an attempt with an end has.
    private static let namesOfEnd = [
        "ended_at", "duration_seconds", "cause", "exit_code", "claim", "verdict", "turns", "retries", "fixes",
        "resume_at",
        "output", "question", "options", "recommendation", "error", "advice", "notes", "verification", "changes",
        "processes",
    ]
}
