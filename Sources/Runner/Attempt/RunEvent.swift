package import Agents
package import FoundationEssentials

/// Something that happens in an attempt, told as it happens.
package enum RunEvent: Sendable {
    /// The agent is invoked: the first time, or once more for a reason.
    case invocationStarted(number: Int, reason: InvocationReason)
    /// The agent said or did something.
    case agent(AgentEvent)
    /// A check of ours ended.
    case checked(CheckResult)
    /// The attempt is asked to stop.
    case stopping(StopCause)
    /// The attempt pauses until then, because of this.
    case waiting(until: Date, reason: InvocationReason)
}

/// Why the agent is invoked.
package enum InvocationReason: Sendable, Equatable {
    /// The task's first invocation.
    case first
    /// The session goes on after an answer, or after an interruption.
    case continuation
    /// Something failed that passes.
    case retry(Cause)
    /// The checks contradicted the claim.
    case fix
    /// The account's usage limit was waited out.
    case usageLimit

    /// The word for it in events and on spans.
    package var word: String {
        switch self {
        case .first: "first"
        case .continuation: "continuation"
        case .retry: "retry"
        case .fix: "fix"
        case .usageLimit: "usage_limit"
        }
    }
}
