/// What an invocation used that did not live to tell, as the session's own transcript tells it.
package struct RecoveredUsage: Sendable, Equatable {
    /// Tokens and cost by model.
    package var usage: [ModelUsage]
    /// The cost in USD.
    package var costUSD: Double
    /// Whether the cost comes from ``ModelPrices`` and not from the agent's own count.
    package var isEstimated: Bool
    /// The number of responses of the model, if the transcript tells it.
    package var turns: Int?
    /// The agent's cumulative count of the whole session, if the transcript tells it.
    package var sessionUsage: [ModelUsage]?

    package init(
        usage: [ModelUsage],
        costUSD: Double,
        isEstimated: Bool,
        turns: Int? = nil,
        sessionUsage: [ModelUsage]? = nil
    ) {
        self.usage = usage
        self.costUSD = costUSD
        self.isEstimated = isEstimated
        self.turns = turns
        self.sessionUsage = sessionUsage
    }
}
