/// Adds up what one invocation used, by model, from records that are partly cumulative.
struct UsageLedger: Sendable, Equatable {
    /// Tokens and cost of this invocation, ordered by model.
    private(set) var usage: [ModelUsage] = []
    /// The cost of this invocation in USD, or nil if no record told one.
    private(set) var costUSD: Double?

    private var cumulativeUsage: [ModelUsage]
    private var cumulativeCost: Double

    /// - Parameter earlierUsage: What the session had used before, by the agent's cumulative count.
    init(earlierUsage: [ModelUsage] = []) {
        cumulativeUsage = earlierUsage
        cumulativeCost = earlierUsage.total.costUSD
    }

    /// Takes a result record in.
    ///
    /// `model_usage_since_last_result` counts for this invocation alone, even after a resume. Where it is absent, the
    /// difference between the cumulative numbers of two results is taken.
    mutating func add(_ result: ResultRecord) {
        let total = result.totalCostUSD
        if let since = result.usageSinceLastResult {
            usage = usage.adding(since)
            costUSD = (costUSD ?? 0) + Self.cost(of: since, told: total.map { $0 - cumulativeCost })
        } else {
            usage = usage.adding((result.modelUsage ?? []).subtracting(cumulativeUsage))
            if let total { costUSD = (costUSD ?? 0) + max(0, total - cumulativeCost) }
        }
        cumulativeUsage = result.modelUsage ?? cumulativeUsage
        cumulativeCost = total ?? cumulativeCost
    }

    private static func cost(of usage: [ModelUsage], told: Double?) -> Double {
        let sum = usage.reduce(0) { $0 + $1.costUSD }
        return sum > 0 || usage.isEmpty ? sum : max(0, told ?? 0)
    }
}
