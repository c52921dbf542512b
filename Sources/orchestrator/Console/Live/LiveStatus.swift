import Agents
import Foundation
import Runner

/// The line that says how an attempt stands; where it is too long, what matters less is left out.
struct LiveStatus: Sendable {
    private struct Part: Sendable {
        var text: String
        /// What has a higher one is left out first.
        var rank: Int
        var style = TextStyle.plain
    }

    private var parts: [Part] = []

    private static let separator = " · "

    /// From this share on a limit is told.
    private static let near = 0.8

    init(_ state: LiveState, at time: Duration) {
        let (limits, usage) = (state.limits, state.usage)
        add("Task \(state.task)", rank: 7, style: .bold)
        add(Self.words(for: state.phase), rank: 0, style: .bold)
        add(LiveView.length(time, isOver: false), rank: 1, used: time / .seconds(1), of: limits.time.inSeconds) {
            LocalTime.length(seconds: Int($0))
        }
        if state.turns > 0 {
            let word = state.turns == 1 ? "turn" : "turns"
            add("\(state.turns) \(word)", rank: 4, used: Double(state.turns), of: Double(limits.turns)) { "\(Int($0))" }
        }
        if usage.totalTokens > 0 {
            let tokens = Double(usage.totalTokens)
            add(Self.thousands(tokens) + " tokens", rank: 3, used: tokens, of: limits.tokens.map(Double.init)) {
                Self.thousands($0)
            }
            let about = state.isCostEstimated ? "~" : ""
            add(about + Self.money(usage.costUSD), rank: 2, used: usage.costUSD, of: limits.costUSD, Self.money)
        }
        if state.retries > 0 { add("\(state.retries) \(state.retries == 1 ? "retry" : "retries")", rank: 5) }
        if let limit = state.rateLimit, limit.status != .allowed {
            let words = limit.status == .warning ? "usage limit near" : "usage limit reached"
            add(words, rank: 6, style: .yellow)
        }
    }

    private mutating func add(
        _ text: String,
        rank: Int,
        style: TextStyle = .plain,
        used: Double = 0,
        of limit: Double? = nil,
        _ inWords: (Double) -> String = { "\($0)" }
    ) {
        if let limit, used >= Self.near * limit {
            parts.append(Part(text: "\(text) of \(inWords(limit))", rank: rank, style: .yellow))
        } else {
            parts.append(Part(text: text, rank: rank, style: style))
        }
    }

    /// The line, no wider than this.
    func line(width: Int, paint: (String, TextStyle) -> String) -> String {
        var shown = parts
        while shown.count > 1, Self.width(of: shown) > width,
            let last = shown.indices.max(by: { shown[$0].rank < shown[$1].rank })
        {
            shown.remove(at: last)
        }
        if let only = shown.first, shown.count == 1 { shown[0].text = only.text.cut(toDisplayWidth: width) }
        return shown.map { paint($0.text, $0.style) }.joined(separator: Self.separator)
    }

    private static func width(of parts: [Part]) -> Int {
        parts.reduce(separator.count * (parts.count - 1)) { $0 + $1.text.displayWidth }
    }

    private static func words(for phase: LiveState.Phase) -> String {
        switch phase {
        case .preparing: "preparing"
        case .working: "working"
        case .checking: "checking"
        case .stopping: "stopping"
        case .waiting(let date): "waiting until \(Console.timeOfDay(of: date))"
        }
    }

    private static func thousands(_ count: Double) -> String { Console.decimal(count / 1000, places: 1) + "k" }
    private static func money(_ cost: Double) -> String { "$" + Console.decimal(cost, places: 2) }
}
