package import Agents
import Sandbox

/// What an attempt counts as, and why.
package struct Outcome: Sendable, Equatable {
    /// The status.
    package var status: TaskStatus
    /// Why it has that status.
    package var cause: Cause
    /// The program's exit code for it.
    package var exitCode: ExitCode
    /// What went wrong in one or a few lines; nil unless failed.
    package var error: String?
    /// What the user can do about it; nil if there is nothing to say.
    package var advice: String?

    init(_ status: TaskStatus, _ cause: Cause, _ exitCode: ExitCode, error: String? = nil, advice: String? = nil) {
        self.status = status
        self.cause = cause
        self.exitCode = exitCode
        self.error = error
        self.advice = advice
    }
}

extension Outcome {
    /// The one table that turns what is known of an attempt into status, cause and exit code.
    ///
    /// A stop that arrives when the agent has already ended by itself does not change what the agent achieved.
    ///
    /// - Parameters:
    ///   - ending: How the session ended by the agent's own account.
    ///   - claim: What the agent's last words claim.
    ///   - stop: Why the attempt was stopped from outside, if it was.
    /// - Returns: The row of the table.
    package static func decide(ending: AgentEnding, claim: Claim, stop: StopCause?) -> Outcome {
        if ending == .finished { return decide(claim) }
        if let stop { return decide(stop) }
        return decide(ending)
    }

    /// The outcome of an attempt whose sandbox, or whose record, broke.
    static func broken(by error: any Error) -> Outcome {
        let reason = (error as? SandboxError).map { PreparationError($0) }
        return Outcome(
            .failed,
            .sandboxBroke,
            .unavailable,
            error: reason?.message ?? "The attempt could not go on: \(error)",
            advice: reason?.remedy
        )
    }

    private static func decide(_ claim: Claim) -> Outcome {
        switch claim.status {
        case .complete:
            Outcome(.completed, .claimedComplete, .completed)
        case .needsHuman:
            Outcome(.needsHuman, .question, .needsHuman)
        case .failed:
            Outcome(.failed, .claimedFailed, .failed, error: claim.error ?? "The agent said that it failed, not why.")
        case nil:
            Outcome(
                .failed,
                .noStatus,
                .failed,
                error: "The agent ended without a STATUS line, so nothing says that the task is done.",
                advice: "Read its last words in the stream; then run the task again, perhaps with --guidance."
            )
        }
    }

    private static func decide(_ stop: StopCause) -> Outcome {
        switch stop {
        case .timeLimit(let limit):
            Outcome(
                .failed,
                .timeLimit,
                .limitReached,
                error: "Stopped after \(limit.inWords), the limit of time.",
                advice: "Give it more with --timeout, or cut the task into smaller ones."
            )
        case .interrupted: Outcome(.failed, .interrupted, .interrupted, error: "Interrupted (SIGINT).")
        case .terminated: Outcome(.failed, .terminated, .terminated, error: "Asked to end (SIGTERM).")
        case .hungUp: Outcome(.failed, .hungUp, .hungUp, error: "The terminal is gone (SIGHUP).")
        }
    }

    private static func decide(_ ending: AgentEnding) -> Outcome {
        switch ending {
        case .finished:
            decide(Claim())
        case .maxTurns:
            Outcome(
                .failed,
                .turnLimit,
                .limitReached,
                error: "The agent reached its limit of turns.",
                advice: "Give it more with --max-turns, or cut the task into smaller ones."
            )
        case .maxBudget:
            Outcome(.failed, .costLimit, .limitReached, error: "The agent reached its limit of cost.")
        case .usageLimit(let message):
            Outcome(
                .failed,
                .usageLimit,
                .limitReached,
                error: "The account's usage limit is reached: \(message)",
                advice: "Wait until the limit resets, then run the task again."
            )
        case .notAuthenticated(let message):
            Outcome(
                .failed,
                .credentialRefused,
                .unavailable,
                error: "The model's service refused the credential: \(message)",
                advice: "Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN to a valid one."
            )
        case .apiError(let status, let message):
            Outcome(
                .failed,
                .modelError,
                .failed,
                error: "The model's service failed\(status.map { " (HTTP \($0))" } ?? ""): \(message)",
                advice: "Look whether the service is up, then run the task again."
            )
        case .modelStopped(let reason, let message):
            Outcome(.failed, .modelStopped, .failed, error: "The model stopped (\(reason)): \(message)")
        case .interrupted:
            Outcome(
                .failed,
                .agentBroke,
                .failed,
                error: "The agent was interrupted by something other than this program."
            )
        case .noResult:
            Outcome(
                .failed,
                .agentBroke,
                .failed,
                error: "The agent's process ended without a result: it was killed, or it crashed.",
                advice: "Look at the end of the stream and at the sandbox's memory limit, then run the task again."
            )
        case .replayDiverged(let message):
            Outcome(
                .failed,
                .replayDiverged,
                .failed,
                error: "The replay went another way than the recording: \(message)"
            )
        case .broke(let message):
            Outcome(.failed, .agentBroke, .failed, error: "The agent broke off: \(message)")
        case .rejected(let message):
            Outcome(.failed, .agentRejected, .failed, error: "The agent refused to start: \(message)")
        }
    }
}
