import Foundation
import Runner

/// Draws what a person is shown of an attempt: lines that fit in the terminal's columns, and no more than fit in its rows.
struct LiveView: Sendable {
    /// The terminal's size.
    var width: Int
    var height: Int
    /// Whether colours are used.
    var isColoured = true
    /// Whether arguments are shown whole where they can be read at leisure.
    var isVerbose = false
    /// What makes others' text fit to be shown.
    var mask: SecretMask

    /// No more rows are redrawn, however many there are.
    private static let tallest = 24
    /// A terminal with fewer columns has none to spare for the indentation.
    private static let narrow = 60

    private var indent: Int { width < Self.narrow ? 0 : Console.indent.count }

    private func indent(at depth: Int) -> Int { indent + 2 * min(depth, 6, width / 10) }

    /// The part that is redrawn: how it stands, the calls that run, and the agent's latest words.
    func area(of state: LiveState, at time: Duration) -> [String] {
        let rows = min(max(height - 1, 1), Self.tallest)
        let words = wordLines(state.words, atMost: rows < 3 ? 0 : rows < 8 ? 1 : isVerbose ? 6 : 3)
        let status = LiveStatus(state, at: time).line(width: width - indent, paint: paint)
        return [blank(indent) + status] + toolLines(state.tools, at: time, atMost: rows - 1 - words.count) + words
    }

    /// Calls that are over, a line each, for the terminal's memory.
    func lines(of rows: [LiveRow]) -> [String] { rows.map { line(of: $0, at: .zero, isWhole: isVerbose) } }

    private func toolLines(_ tools: LiveTools, at time: Duration, atMost limit: Int) -> [String] {
        guard limit > 0 else { return [] }
        var rows = tools.running(endedChildren: limit < 8 ? 0 : 3)
        if rows.count > limit {
            // What began last tells most of what is going on.
            rows = [.more(rows.count - limit + 1, depth: 0)] + rows.suffix(limit - 1)
        }
        return rows.map { line(of: $0, at: time, isWhole: false) }
    }

    private func line(of row: LiveRow, at time: Duration, isWhole: Bool) -> String {
        switch row {
        case .more(let count, let depth):
            let space = blank(indent(at: depth))
            return space + paint("… \(count) more".cut(toDisplayWidth: width - space.count), .faint)
        case .tool(let tool, let depth):
            let space = blank(indent(at: depth))
            return space + line(of: tool, at: time, width: width - space.count, isWhole: isWhole)
        }
    }

    private func line(of tool: LiveTool, at time: Duration, width: Int, isWhole: Bool) -> String {
        let (sign, style): (String, TextStyle) =
            switch tool.ending {
            case nil: ("▸", .plain)
            case .succeeded: ("✔", .green)
            case .failed, .denied: ("✘", .red)
            case .cutOff: ("–", .yellow)
            }
        var rest = Self.length((tool.end ?? time) - tool.start, isOver: tool.end != nil)
        if tool.ending == .denied {
            let reason = tool.refusal.map { mask.line($0) } ?? ""
            rest = reason.isEmpty ? "denied" : "denied: " + reason.cut(toDisplayWidth: max(8, width / 3))
        } else if tool.ending == .cutOff {
            rest = "cut off"
        }
        guard width > 3 else { return paint(sign, style) }
        let name = mask.line(tool.name).cut(toDisplayWidth: width - 2)
        let head = paint(sign, style) + " " + paint(name, .bold)
        let left = width - 2 - name.displayWidth
        // A name and how long it has run tell more than half an argument.
        guard left > rest.displayWidth else { return head }
        let argument = mask.line(tool.argument.text, isCut: tool.argument.isCut)
        let shown = isWhole ? argument : argument.cut(toDisplayWidth: left - rest.displayWidth - 2)
        return head + (shown.isEmpty ? "" : " " + shown) + " " + paint(rest, .faint)
    }

    /// The end of the agent's words, a line each for so many lines.
    private func wordLines(_ words: String, atMost limit: Int) -> [String] {
        guard limit > 0, !words.isEmpty else { return [] }
        let space = blank(indent)
        let lines = mask.text(words).split(whereSeparator: \.isNewline).suffix(limit)
            .flatMap { Self.wrap(String($0), width: width - indent) }
        return lines.suffix(limit).map { space + $0 }
    }

    /// The words of a text in lines that fit.
    private static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            let longer = line.isEmpty ? String(word) : line + " " + word
            if longer.displayWidth <= width {
                line = longer
            } else {
                if !line.isEmpty { lines.append(line) }
                line = String(word).cut(toDisplayWidth: width)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private func paint(_ text: String, _ style: TextStyle) -> String { isColoured ? style.paint(text) : text }

    private func blank(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// A length of time: with tenths where it is short and over.
    static func length(_ time: Duration, isOver: Bool) -> String {
        let seconds = max(0, time.inSeconds)
        return isOver && seconds < 10
            ? Console.decimal(seconds, places: 1) + "s" : LocalTime.length(seconds: Int(seconds))
    }
}
