package import Agents
package import Journal

/// What an attempt goes on with: the session of an earlier one, and what the agent is told there.
package struct Continuation: Sendable {
    /// The attempt that is continued.
    package var previous: AttemptRecord
    /// What the agent is told.
    package var prompt: String
    /// Whether the agent's session is there to be continued; if not, it begins anew with this prompt.
    package var continuesSession: Bool
    /// The person's answer, with needs_human.
    package var answer: String?
    /// What the agent's own count of the session has until now.
    package var sessionUsage: [ModelUsage]

    package init(
        previous: AttemptRecord,
        prompt: String,
        continuesSession: Bool = true,
        answer: String? = nil,
        sessionUsage: [ModelUsage] = []
    ) {
        self.previous = previous
        self.prompt = prompt
        self.continuesSession = continuesSession
        self.answer = answer
        self.sessionUsage = sessionUsage
    }
}
