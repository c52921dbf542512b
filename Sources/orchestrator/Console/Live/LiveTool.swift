/// A tool call as a person is shown it.
struct LiveTool: Sendable, Equatable {
    /// How a call ended.
    enum Ending: Sendable, Equatable {
        case succeeded
        case failed
        case denied
        /// Nothing was heard of its end.
        case cutOff
    }

    /// The tool's name.
    var name: String
    /// What of its arguments tells most.
    var argument: ToolArgument
    /// When it began, since the beginning of the attempt.
    var start: Duration
    /// How it ended, and when.
    var ending: Ending?
    var end: Duration?
    /// The call of the sub-agent that made it.
    var parent: String?
    /// The calls of its own sub-agent, in order, and how many of them are not kept any more.
    var children: [String] = []
    var forgotten = 0
    /// Why it was refused.
    var refusal: String?
    /// Its place among all calls.
    var number = 0
}

/// A line of the tree of calls.
enum LiveRow: Sendable, Equatable {
    case tool(LiveTool, depth: Int)
    /// So many calls are not shown here.
    case more(Int, depth: Int)
}

/// The tool calls that a person is shown while an attempt goes on: those that run, each with the calls of its sub-agent.
///
/// Bounded: what is more is counted.
struct LiveTools: Sendable, Equatable {
    /// The outermost calls, in order.
    private var roots: [String] = []
    private var calls: [String: LiveTool] = [:]
    /// How many calls there were.
    private(set) var count = 0

    /// How many calls run at once, or belong to those that run, at most.
    static let bound = 512
    /// How many ended calls of a sub-agent are kept.
    static let keptChildren = 20

    /// A call that runs, or belongs to one that runs.
    subscript(id: String) -> LiveTool? { calls[id] }

    /// Begins a call.
    mutating func begin(_ id: String, _ name: String, input: String, parent: String?, at time: Duration) {
        guard calls[id] == nil else { return }
        count += 1
        guard calls.count < Self.bound else { return }
        var tool = LiveTool(name: name, argument: ToolArgument(input: input), start: time, number: count)
        if let parent, calls[parent] != nil {
            tool.parent = parent
            calls[parent]?.children.append(id)
        } else {
            roots.append(id)
        }
        calls[id] = tool
    }

    /// Notes that the oldest call of a tool that runs was refused.
    mutating func deny(_ name: String, reason: String?) {
        let running = calls.filter { $0.value.name == name && $0.value.end == nil && $0.value.refusal == nil }
        guard let id = running.min(by: { $0.value.number < $1.value.number })?.key else { return }
        calls[id]?.refusal = reason ?? ""
    }

    /// Ends a call.
    ///
    /// - Returns: The call with all that belong to it, if it is an outermost one; they are not kept any more.
    mutating func end(_ id: String, _ ending: LiveTool.Ending, at time: Duration) -> [LiveRow] {
        guard let tool = calls[id], tool.end == nil else { return [] }
        calls[id]?.ending = tool.refusal != nil && ending == .failed ? .denied : ending
        calls[id]?.end = time
        if let parent = tool.parent {
            forgetOldest(of: parent)
            return []
        }
        let rows = self.rows(of: id, endedChildren: .max, onlyEnded: true)
        roots.removeAll { $0 == id }
        forget(id)
        return rows
    }

    /// Ends all calls that run, of whose end nothing will be heard.
    mutating func cutOff(at time: Duration) -> [LiveRow] {
        for id in calls.keys where calls[id]?.end == nil {
            calls[id]?.ending = .cutOff
            calls[id]?.end = time
        }
        let rows = roots.flatMap { self.rows(of: $0, endedChildren: .max) }
        roots = []
        calls = [:]
        return rows
    }

    /// The calls that run, each with those of its sub-agent that run, and the last few of them that ended.
    func running(endedChildren: Int) -> [LiveRow] {
        roots.flatMap { rows(of: $0, endedChildren: endedChildren) }
    }

    private func rows(of id: String, depth: Int = 0, endedChildren: Int, onlyEnded: Bool = false) -> [LiveRow] {
        guard let tool = calls[id] else { return [] }
        let ended = tool.children.filter { calls[$0]?.end != nil }
        let hidden = Set(ended.dropLast(endedChildren))
        var rows = [LiveRow.tool(tool, depth: depth)]
        let more = tool.forgotten + hidden.count
        if more > 0 { rows.append(.more(more, depth: depth + 1)) }
        for child in onlyEnded ? ended : tool.children where !hidden.contains(child) {
            rows += self.rows(of: child, depth: depth + 1, endedChildren: endedChildren, onlyEnded: onlyEnded)
        }
        return rows
    }

    /// Forgets the oldest ended call of a sub-agent that has many.
    private mutating func forgetOldest(of parent: String) {
        guard let children = calls[parent]?.children else { return }
        let ended = children.filter { calls[$0]?.end != nil }
        guard ended.count > Self.keptChildren, let oldest = ended.first else { return }
        calls[parent]?.children.removeAll { $0 == oldest }
        calls[parent]?.forgotten += 1
        forget(oldest)
    }

    /// Forgets a call; what its sub-agent goes on with in the background stands by itself from now on.
    private mutating func forget(_ id: String) {
        for child in calls[id]?.children ?? [] {
            if calls[child]?.end == nil {
                calls[child]?.parent = nil
                roots.append(child)
            } else {
                forget(child)
            }
        }
        calls[id] = nil
    }
}
