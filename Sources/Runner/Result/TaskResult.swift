package import Agents
package import FoundationEssentials
package import Sandbox

/// What came of one attempt: the fields of the milestone document (Task 2.3) under their names, and what is known besides.
///
/// Encoded as JSON by ``TaskResult/encode(to:)``.
package struct TaskResult: Sendable, Equatable {
    /// The task's id and title.
    package var taskID: String
    package var taskTitle: String
    /// The plan as the user named it, its absolute path, and the SHA-256 of its content.
    package var planFile: String
    package var planPath: String
    package var planHash: String
    /// What the attempt counts as.
    package var status: TaskStatus
    /// Why.
    package var cause: Cause
    /// The program's exit code.
    package var exitCode: ExitCode
    /// What the agent claimed, or nil if it claimed nothing.
    package var claim: Claim.Status?
    /// What our own checks found.
    package var verification: Verification
    /// What changed in the workspace.
    package var changes: WorkspaceChanges
    /// When it began, and how long it took.
    package var startedAt: Date
    package var duration: Duration
    /// Tokens and cost by model, as the agent counts them.
    package var usage: [ModelUsage]
    /// The agent's own cost in USD; nil if it never told one.
    package var costUSD: Double?
    /// Whether tokens or cost are an estimate of ours, because the agent could not tell them any more.
    package var isCostEstimated: Bool
    /// Turns as the agent counts them.
    package var turns: Int
    /// How often it went on after a failure that passes, and how often the agent was shown what contradicted it.
    package var retries: Int
    package var fixes: Int
    /// The agent's last words.
    package var output: String
    /// The agent's session.
    package var sessionID: String
    /// With needs_human: the question, the answers to choose from, and what the agent would choose.
    package var question: String?
    package var options: [String]?
    package var recommendation: String?
    /// With failed: what went wrong, and what can be done about it.
    package var error: String?
    package var advice: String?
    /// When a parked attempt can go on, if that is known.
    package var resumesAt: Date?
    /// Whether a recording was replayed, so that tokens and cost were not spent now.
    package var isReplayed: Bool
    /// The run's id, the attempt's number in it, and the attempt that this one continues.
    package var runID: String
    package var attemptNumber: Int
    package var continues: String?
    /// Where it was done.
    package var sandbox: String
    package var container: String?
    package var workspace: String
    /// What was found of the attempt's processes at its end.
    package var processes: StopReport
    /// The trace's id: 32 hexadecimal digits; nil without tracing.
    package var traceID: String?
    /// Where the agent's raw stream lies.
    package var stream: String
    /// What else the user must know, a line each: processes that were ended, tools that were refused.
    package var notes: [String]

    /// All tokens of all models and kinds.
    package var tokensUsed: Int { usage.total.totalTokens }

    /// What our own checks found.
    package var verdict: Verdict { verification.verdict }

    /// The attempt's id.
    package var attemptID: String { "\(runID).\(attemptNumber)" }
}
