/// Adds up what one attempt used, by model, from records that are partly cumulative.
struct UsageLedger: Sendable, Equatable {
    /// Tokens and cost of this attempt, ordered by model.
    private(set) var usage: [ModelUsage] = []
    /// The cost of this attempt in USD, or nil if no record told one.
    private(set) var costUSD: Double?

    private var cumulativeUsage: [ModelUsage] = []
    private var cumulativeCost = 0.0

    /// Takes a result record in.
    ///
    /// `model_usage_since_last_result` counts for this attempt alone, even after a resume. Where it is absent, the
    /// difference between the cumulative numbers of two results is taken.
    mutating func add(_ result: ResultRecord) {
        let total = result.totalCostUSD
        if let since = result.usageSinceLastResult {
            add(since)
            costUSD = (costUSD ?? 0) + Self.cost(of: since, told: total.map { $0 - cumulativeCost })
        } else {
            add(Self.difference(result.modelUsage ?? [], cumulativeUsage))
            if let total { costUSD = (costUSD ?? 0) + max(0, total - cumulativeCost) }
        }
        cumulativeUsage = result.modelUsage ?? cumulativeUsage
        cumulativeCost = total ?? cumulativeCost
    }

    private static func cost(of usage: [ModelUsage], told: Double?) -> Double {
        let sum = usage.reduce(0) { $0 + $1.costUSD }
        return sum > 0 || usage.isEmpty ? sum : max(0, told ?? 0)
    }

    private mutating func add(_ more: [ModelUsage]) {
        for addition in more {
            if let index = usage.firstIndex(where: { $0.model == addition.model }) {
                usage[index] = usage[index].combined(with: addition, sign: 1)
            } else {
                usage.append(addition)
            }
        }
        usage.sort { $0.model < $1.model }
    }

    private static func difference(_ now: [ModelUsage], _ before: [ModelUsage]) -> [ModelUsage] {
        now.map { usage in
            guard let earlier = before.first(where: { $0.model == usage.model }) else { return usage }
            return usage.combined(with: earlier, sign: -1)
        }
    }
}

extension ModelUsage {
    /// The sum or the difference of two counts, never below zero and never near an overflow.
    fileprivate func combined(with other: ModelUsage, sign: Int) -> ModelUsage {
        ModelUsage(
            model: model,
            inputTokens: min(max(0, inputTokens + sign * other.inputTokens), 1 << 45),
            outputTokens: min(max(0, outputTokens + sign * other.outputTokens), 1 << 45),
            cacheReadTokens: min(max(0, cacheReadTokens + sign * other.cacheReadTokens), 1 << 45),
            cacheCreationTokens: min(max(0, cacheCreationTokens + sign * other.cacheCreationTokens), 1 << 45),
            costUSD: max(0, costUSD + Double(sign) * other.costUSD)
        )
    }
}
