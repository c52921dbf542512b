import Foundation
import Journal
import Runner

/// What was spent, as `costs` prints it.
struct CostsListing: Sendable {
    /// By what it is summed up.
    var grouping: CostGrouping
    /// From when on; nil is from the beginning.
    var since: Date?
    var sums: [CostSum]
    var total: CostSum
}

extension CostsListing: Encodable {
    func encode(to encoder: any Encoder) throws {
        let object: [String: JSONTree] = [
            "schema_version": .integer(1), "by": .string(grouping.rawValue), "since": .text(since?.inISO8601),
            "costs": .array(sums.map { .object(names(of: $0).merging(Self.figures(of: $0)) { $1 }) }),
            "total": .object(Self.figures(of: total)),
        ]
        try object.encode(to: encoder)
    }

    private func names(of sum: CostSum) -> [String: JSONTree] {
        switch grouping {
        case .day: ["day": .text(sum.day.map(LocalTime.day))]
        case .plan: ["plan": .text(sum.keys.first)]
        case .task: ["plan": .text(sum.keys.first), "task_id": .text(sum.keys.last)]
        case .model: ["model": .text(sum.keys.first)]
        }
    }

    private static func figures(of sum: CostSum) -> [String: JSONTree] {
        let usage = sum.usage
        return [
            "attempts": .integer(sum.attempts), "attempts_estimated": .integer(sum.estimated),
            "cost_usd": .number(usage.costUSD), "cost_estimated": .bool(sum.estimated > 0),
            "tokens_used": .integer(usage.totalTokens),
            "tokens": .object([
                "input": .integer(usage.inputTokens), "output": .integer(usage.outputTokens),
                "cache_read": .integer(usage.cacheReadTokens), "cache_creation": .integer(usage.cacheCreationTokens),
                "thinking": .whole(usage.thinkingTokens),
            ]),
        ]
    }
}
