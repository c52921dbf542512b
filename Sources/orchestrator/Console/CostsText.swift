import Foundation
import Journal

extension Console {
    /// Prints sums of costs as a table, the sum of all last; `~` marks what has an estimate in it.
    func print(_ listing: CostsListing) {
        let head: [String] =
            switch listing.grouping {
            case .day: ["DAY"]
            case .plan: ["PLAN"]
            case .task: ["PLAN", "TASK"]
            case .model: ["MODEL"]
            }
        let numbers = ["ATTEMPTS", "COST", "TOKENS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITTEN"]
        let rows = listing.sums.map { Self.keys(of: $0, listing.grouping) + Self.figures(of: $0) }
        let total = ["all"] + Array(repeating: "", count: head.count - 1) + Self.figures(of: listing.total)
        printTable([head + numbers] + rows + [total], numbersFrom: head.count)
    }

    private static func keys(of sum: CostSum, _ grouping: CostGrouping) -> [String] {
        grouping == .day ? [sum.day.map(LocalTime.day) ?? "?"] : sum.keys
    }

    private static func figures(of sum: CostSum) -> [String] {
        let usage = sum.usage
        let tokens = [
            usage.totalTokens, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheCreationTokens,
        ]
        return [String(sum.attempts), (sum.estimated > 0 ? "~$" : "$") + decimal(usage.costUSD, places: 2)]
            + tokens.map { decimal(Double($0) / 1000, places: 1) + "k" }
    }
}
