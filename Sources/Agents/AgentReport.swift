package import Sandbox

/// All that is known of a session after its end.
package struct AgentReport: Sendable, Equatable {
    /// How it ended.
    package var ending: AgentEnding
    /// How the agent's process ended.
    package var termination: Termination
    /// The session's id as the agent told it, or nil if it never did.
    package var sessionID: String?
    /// The model of the session as the agent told it.
    package var model: String?
    /// The agent's version as it told it.
    package var version: String?
    /// The final words: all text blocks of the last main-loop message before each result, in order, one per line.
    package var finalText: String
    /// Tokens and cost of this attempt by model, sub-agents included, nothing of an earlier resume.
    package var usage: [ModelUsage]
    /// The agent's own cost of this attempt in USD, or nil if it never told one.
    package var costUSD: Double?
    /// The number of turns as the agent counts them.
    package var turns: Int
    /// Tools that were refused, by name, in order.
    package var deniedTools: [String]
    /// Lines of the stream that were no records (broken or too long).
    package var malformedLines: Int
    /// The last 64 KiB of standard error.
    package var standardError: String

    package init(
        ending: AgentEnding,
        termination: Termination,
        sessionID: String? = nil,
        model: String? = nil,
        version: String? = nil,
        finalText: String = "",
        usage: [ModelUsage] = [],
        costUSD: Double? = nil,
        turns: Int = 0,
        deniedTools: [String] = [],
        malformedLines: Int = 0,
        standardError: String = ""
    ) {
        self.ending = ending
        self.termination = termination
        self.sessionID = sessionID
        self.model = model
        self.version = version
        self.finalText = finalText
        self.usage = usage
        self.costUSD = costUSD
        self.turns = turns
        self.deniedTools = deniedTools
        self.malformedLines = malformedLines
        self.standardError = standardError
    }
}
