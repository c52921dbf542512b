/// What an attempt may use before it is stopped; nil is no limit.
package struct AttemptLimits: Sendable, Equatable, Codable {
    /// Wall time of all invocations together; waiting for an account's usage limit does not count.
    package var time: Duration
    /// How long nothing may come from the agent.
    package var idle: Duration?
    /// Turns of the main loop: responses of the model.
    package var turns: Int
    /// Tokens of all kinds and models together, sub-agents included.
    package var tokens: Int?
    /// Cost in USD.
    package var costUSD: Double?
    /// Cost in USD of all attempts of this day together.
    package var costPerDayUSD: Double?

    package init(
        time: Duration = .seconds(600),
        idle: Duration? = nil,
        turns: Int = 50,
        tokens: Int? = nil,
        costUSD: Double? = nil,
        costPerDayUSD: Double? = nil
    ) {
        self.time = time
        self.idle = idle
        self.turns = turns
        self.tokens = tokens
        self.costUSD = costUSD
        self.costPerDayUSD = costPerDayUSD
    }
}
