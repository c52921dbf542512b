/// What one model was used for.
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
    /// Those of the output tokens that were thinking; nil where nobody told.
    package var thinkingTokens: Int?
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
        thinkingTokens: Int? = nil,
        costUSD: Double = 0
    ) {
        self.model = model
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cacheReadTokens = cacheReadTokens
        self.cacheCreationTokens = cacheCreationTokens
        self.thinkingTokens = thinkingTokens
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
            if let thinking = usage.thinkingTokens { total.thinkingTokens = (total.thinkingTokens ?? 0) + thinking }
            total.costUSD += usage.costUSD
        }
    }
}

extension [ModelUsage] {
    /// How many models are told apart: their names come out of a stream, whose sender may invent them.
    private static var modelBound: Int { 100 }

    /// Both counts together, ordered by model; models beyond a bound are `other`.
    package func adding(_ more: [ModelUsage]) -> [ModelUsage] {
        var sum = self
        for var addition in more {
            if addition.model.utf8.count > 200 { addition.model = String(addition.model.prefix(200)) }
            if sum.count >= Self.modelBound, !sum.contains(where: { $0.model == addition.model }) {
                addition.model = "other"
            }
            if let index = sum.firstIndex(where: { $0.model == addition.model }) {
                sum[index] = sum[index].combined(with: addition, sign: 1)
            } else {
                sum.append(addition)
            }
        }
        return sum.sorted { $0.model < $1.model }
    }

    /// What this count has more than an earlier one, never below zero; models without any more are left out.
    package func subtracting(_ earlier: [ModelUsage]) -> [ModelUsage] {
        compactMap { usage in
            guard let before = earlier.first(where: { $0.model == usage.model }) else { return usage }
            let more = usage.combined(with: before, sign: -1)
            return more.totalTokens == 0 && more.costUSD == 0 ? nil : more
        }
    }
}

extension ModelUsage {
    /// The sum or the difference of two counts, never below zero and never near an overflow.
    func combined(with other: ModelUsage, sign: Int) -> ModelUsage {
        func count(_ own: Int, _ others: Int) -> Int { Swift.min(Swift.max(0, own + sign * others), 1 << 45) }
        let thinking = count(thinkingTokens ?? 0, other.thinkingTokens ?? 0)
        let isThinkingKnown = thinkingTokens != nil || other.thinkingTokens != nil
        return ModelUsage(
            model: model,
            inputTokens: count(inputTokens, other.inputTokens),
            outputTokens: count(outputTokens, other.outputTokens),
            cacheReadTokens: count(cacheReadTokens, other.cacheReadTokens),
            cacheCreationTokens: count(cacheCreationTokens, other.cacheCreationTokens),
            thinkingTokens: isThinkingKnown ? thinking : nil,
            costUSD: Swift.max(0, costUSD + Double(sign) * other.costUSD)
        )
    }
}
