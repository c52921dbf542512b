/// What one model was used for in one attempt, by the agent's own count.
package struct ModelUsage: Sendable, Hashable {
    /// The model's name.
    package var model: String
    /// Input tokens that were neither read from nor written to the cache.
    package var inputTokens: Int
    /// Output tokens, thinking included.
    package var outputTokens: Int
    /// Input tokens read from the prompt cache.
    package var cacheReadTokens: Int
    /// Input tokens written to the prompt cache.
    package var cacheCreationTokens: Int
    /// The cost in USD.
    package var costUSD: Double

    /// All tokens together.
    package var totalTokens: Int { inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens }

    package init(
        model: String,
        inputTokens: Int = 0,
        outputTokens: Int = 0,
        cacheReadTokens: Int = 0,
        cacheCreationTokens: Int = 0,
        costUSD: Double = 0
    ) {
        self.model = model
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cacheReadTokens = cacheReadTokens
        self.cacheCreationTokens = cacheCreationTokens
        self.costUSD = costUSD
    }
}

extension Sequence<ModelUsage> {
    /// All models together, under no name.
    package var total: ModelUsage {
        reduce(into: ModelUsage(model: "")) { total, usage in
            total.inputTokens += usage.inputTokens
            total.outputTokens += usage.outputTokens
            total.cacheReadTokens += usage.cacheReadTokens
            total.cacheCreationTokens += usage.cacheCreationTokens
            total.costUSD += usage.costUSD
        }
    }
}
