import FoundationEssentials

/// What a session's transcript tells of what an invocation used.
///
/// Claude Code writes a `cost-state` line at its end, also when it is ended by SIGTERM or SIGINT, but not after SIGKILL.
/// It counts the whole session, without what killed invocations had used. An `assistant` line has the final counts of its
/// message, in a line for each block.
struct Transcript: Sendable, Equatable {
    /// The agent's cumulative count of the session, if it was written by this invocation.
    private(set) var sessionUsage: [ModelUsage]?
    /// What the responses of this invocation used, by model, with estimated costs.
    private(set) var usage: [ModelUsage] = []
    /// How many responses of the main loop there were in this invocation.
    private(set) var turns = 0

    /// - Parameters:
    ///   - lines: The assistant and `cost-state` lines in their order.
    ///   - since: When the invocation began; earlier lines are passed over. Nil takes all.
    init(lines: [String], since: Date?) {
        var ids: Set<String> = []
        var hasBegun = since == nil
        for line in lines {
            guard let value = try? JSONParser.value(of: Array(line.utf8)) else { continue }
            switch value["type"]?.string {
            case "cost-state":
                if hasBegun { sessionUsage = ModelUsage.byModel(value["modelUsage"]) ?? sessionUsage }
            case "assistant":
                guard Self.isRecent(value, since), let (id, count) = Self.count(value) else { continue }
                hasBegun = true
                guard ids.insert(id).inserted else { continue }
                if value["isSidechain"]?.bool != true { turns += 1 }
                usage = usage.adding([count])
            default:
                continue
            }
        }
    }

    private static func isRecent(_ value: JSONValue, _ since: Date?) -> Bool {
        guard let since else { return true }
        guard let date = value["timestamp"]?.string.flatMap(RecordedTime.date) else { return false }
        // The transcript's times are cut to milliseconds.
        return date.addingTimeInterval(0.001) >= since
    }

    private static func count(_ value: JSONValue) -> (id: String, usage: ModelUsage)? {
        let message = value["message"] ?? .null
        guard let id = message["id"]?.string, let model = message["model"]?.string, model != "<synthetic>",
            let counts = TokenCounts(message["usage"])
        else { return nil }
        return (id, counts.usage(of: model))
    }

    /// What the invocation used.
    ///
    /// - Parameter earlier: What the session had used before, by the agent's cumulative count.
    /// - Returns: The agent's own count less that, else an estimate, or nil if nothing tells it.
    func usage(beyond earlier: [ModelUsage]) -> RecoveredUsage? {
        if let sessionUsage {
            let more = sessionUsage.subtracting(earlier)
            if !more.isEmpty {
                return RecoveredUsage(
                    usage: more,
                    costUSD: more.total.costUSD,
                    isEstimated: false,
                    turns: turns,
                    sessionUsage: sessionUsage
                )
            }
        }
        guard !usage.isEmpty else { return nil }
        return RecoveredUsage(usage: usage, costUSD: usage.total.costUSD, isEstimated: true, turns: turns)
    }
}
