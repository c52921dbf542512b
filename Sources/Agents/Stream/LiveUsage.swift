/// Adds up what the responses of the model have used while the agent has not told it yet.
///
/// One response comes in several records, each with counts of its own: they are told apart by the message's id. The last
/// 1024 messages are remembered, which is more than ever run side by side.
struct LiveUsage: Sendable, Equatable {
    /// What was used since the last ``settle()``, by model, with estimated costs.
    private(set) var usage: [ModelUsage] = []
    /// How many responses of the main loop have begun.
    private(set) var turns = 0

    private static let bound = 1024

    private struct Message: Sendable, Equatable {
        var model: String
        var counts: TokenCounts
    }

    private var messages: [String: Message] = [:]
    private var ids: [String] = []
    private var oldest = 0
    private var last: String?

    /// Notes that a response is there, and returns whether it is a new one.
    mutating func note(id: String?, model: String?, counts: TokenCounts?, isMainLoop: Bool) -> Bool {
        let isNew = id.map { messages[$0] == nil } ?? true
        if isNew {
            if isMainLoop { turns = min(turns + 1, 1 << 40) }
            let message = Message(model: model ?? "unknown", counts: TokenCounts())
            if let id { remember(message, as: id) }
            if id == nil, let counts { usage = usage.adding([counts.usage(of: message.model)]) }
        }
        if let id, let counts { update(id: id, counts: counts) }
        return isNew
    }

    /// Takes new counts of a response in; without an id they belong to the last one that began.
    mutating func update(id: String?, counts: TokenCounts) {
        guard let id = id ?? last, var message = messages[id] else { return }
        let merged = message.counts.merged(with: counts)
        guard merged != message.counts else { return }
        let before = message.counts.usage(of: message.model)
        message.counts = merged
        messages[id] = message
        let more = message.counts.usage(of: message.model).combined(with: before, sign: -1)
        if more.totalTokens > 0 { usage = usage.adding([more]) }
    }

    /// Forgets what was used, because the agent itself has told it now.
    mutating func settle() {
        usage = []
    }

    private mutating func remember(_ message: Message, as id: String) {
        last = id
        messages[id] = message
        if ids.count < Self.bound {
            ids.append(id)
        } else {
            messages[ids[oldest]] = nil
            ids[oldest] = id
            oldest = (oldest + 1) % Self.bound
        }
    }
}
