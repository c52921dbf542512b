/// What a session used, as its own transcript tells it.
package struct SessionCost: Sendable, Equatable {
    /// Tokens and cost by model.
    package var usage: [ModelUsage]
    /// The cost in USD, or nil if the transcript does not tell it.
    package var costUSD: Double?

    package init(usage: [ModelUsage], costUSD: Double? = nil) {
        self.usage = usage
        self.costUSD = costUSD
    }
}
