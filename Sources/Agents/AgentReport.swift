package import Sandbox

/// All that is known of an invocation of an agent after its end.
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
    /// Tokens and cost of this invocation by model, sub-agents included, nothing of an earlier one.
    package var usage: [ModelUsage]
    /// The cost of this invocation in USD, or nil if nothing tells one.
    package var costUSD: Double?
    /// Whether the cost, and the tokens perhaps, are not the agent's own count.
    package var isCostEstimated: Bool
    /// The agent's cumulative count of the whole session after this invocation, if it told one.
    package var sessionUsage: [ModelUsage]?
    /// Whether the session began (`system/init` came), so that it can be gone on with.
    package var hasBegun: Bool
    /// The number of turns as the agent counts them; if it never told, the responses of the main loop that were seen.
    package var turns: Int
    /// Tools that were refused, by name, in order.
    package var deniedTools: [String]
    /// Lines of the stream that were no records (broken or too long).
    package var malformedLines: Int
    /// The last 64 KiB of standard error.
    package var standardError: String
    /// In a replay: why the recorded invocation was stopped, as the raw word of the cause; nil if it was not.
    package var recordedStop: String?

    package init(
        ending: AgentEnding,
        termination: Termination,
        sessionID: String? = nil,
        model: String? = nil,
        version: String? = nil,
        finalText: String = "",
        usage: [ModelUsage] = [],
        costUSD: Double? = nil,
        isCostEstimated: Bool = false,
        sessionUsage: [ModelUsage]? = nil,
        hasBegun: Bool = false,
        turns: Int = 0,
        deniedTools: [String] = [],
        malformedLines: Int = 0,
        standardError: String = "",
        recordedStop: String? = nil
    ) {
        self.ending = ending
        self.termination = termination
        self.sessionID = sessionID
        self.model = model
        self.version = version
        self.finalText = finalText
        self.usage = usage
        self.costUSD = costUSD
        self.isCostEstimated = isCostEstimated
        self.sessionUsage = sessionUsage
        self.hasBegun = hasBegun
        self.turns = turns
        self.deniedTools = deniedTools
        self.malformedLines = malformedLines
        self.standardError = standardError
        self.recordedStop = recordedStop
    }
}
