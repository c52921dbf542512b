import OTLPWire

/// A trace as lines of a terminal: the tree with names at the left, lengths of time, and bars on one scale.
struct Waterfall {
    private let tree: TraceTree
    /// Whether events, links and the words of errors have lines of their own.
    private let showsEvents: Bool
    private let width: Int
    private let labelWidth: Int
    private let barWidth: Int

    /// What a length of time takes, such as ` 12.3 µs`.
    private static let timeWidth = 8
    /// What an error's word may take of a label.
    private static let errorWidth = 28

    init(_ tree: TraceTree, width: Int, showsEvents: Bool) {
        self.tree = tree
        self.width = width
        self.showsEvents = showsEvents
        let widest = tree.rows.map { Self.label(of: $0, width: width).displayWidth }.max() ?? 0
        let most = width - Self.timeWidth - 3 - max(20, width * 35 / 100)
        labelWidth = max(min(widest, most), 9)
        barWidth = max(width - labelWidth - Self.timeWidth - 3, 4)
    }

    /// The lines, the scale first.
    var lines: [StyledText] { [scale] + tree.rows.flatMap(lines(of:)) }

    /// Where the bars begin and end: 0 at the left, the whole length at the right, the half between if there is room.
    private var scale: StyledText {
        var line = StyledText()
        line.pad(to: labelWidth + Self.timeWidth + 3)
        let texts = [tree.length / 2, tree.length].map(SpanTime.text(nanoseconds:))
        line.append("0", .faint)
        let start = labelWidth + Self.timeWidth + 3
        if barWidth > 40 {
            line.pad(to: start + (barWidth - texts[0].displayWidth) / 2)
            line.append(texts[0], .faint)
        }
        if barWidth > texts[1].displayWidth + 2 {
            line.pad(to: start + barWidth - texts[1].displayWidth)
            line.append(texts[1], .faint)
        }
        return line
    }

    private func lines(of row: TraceTree.Row) -> [StyledText] {
        var line = Self.label(of: row, width: labelWidth)
        line.pad(to: labelWidth)
        let time = SpanTime.text(nanoseconds: row.span.length)
        line.append(String(repeating: " ", count: max(1, 2 + Self.timeWidth - time.displayWidth)) + time + " ")
        appendBar(of: row.span, to: &line)
        return [line] + (showsEvents ? details(of: row) : [])
    }

    /// The branches of the tree, the name, and what went wrong; the name is cut before the latter.
    private static func label(of row: TraceTree.Row, width: Int) -> StyledText {
        var mark = ""
        if let word = row.span.errorWord {
            mark = " ✘ " + TerminalText.singleLine(word).cut(toDisplayWidth: errorWidth)
        }
        var label = StyledText()
        let branches = branches(of: row)
        label.append(branches.cut(toDisplayWidth: width * 2 / 3), .faint)
        if row.isOrphan { label.append(row.span.hasRemoteParent ? "↗ " : "↖ ", .faint) }
        let name = TerminalText.singleLine(row.span.name)
        let room = width - label.displayWidth
        let over = name.displayWidth + mark.displayWidth - room
        if over > 0 { mark = mark.cut(toDisplayWidth: min(max(mark.displayWidth - over, room / 2), max(room - 1, 0))) }
        label.append(name.cut(toDisplayWidth: max(room - mark.displayWidth, 1)), row.depth == 0 ? .bold : .plain)
        label.append(mark, .red)
        return label
    }

    private static func branches(of row: TraceTree.Row) -> String {
        guard let last = row.continues.last else { return "" }
        return row.continues.dropLast().map { $0 ? "│  " : "   " }.joined() + (last ? "├─ " : "└─ ")
    }

    /// The bar, an eighth of a column exact at its right; at least the thinnest that there is.
    private func appendBar(of span: SpanRecord, to line: inout StyledText) {
        let perNanosecond = Double(barWidth * 8) / Double(max(tree.length, 1))
        let start = Int(Double(span.startTime - tree.start) * perNanosecond) / 8
        let end = Int((Double(max(span.endTime, span.startTime) - tree.start) * perNanosecond).rounded())
        let first = min(start, barWidth - 1)
        let eighths = max(min(end, barWidth * 8) - first * 8, 1)
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        line.append(String(repeating: " ", count: first))
        line.append(String(repeating: "█", count: eighths / 8) + rest, Self.style(of: span))
    }

    /// Colours by what a span stands for, so that turns, tools and checks are told apart.
    private static func style(of span: SpanRecord) -> TextStyle {
        if span.isError { return .red }
        return switch span.name.prefix(while: { $0 != " " }) {
        case "chat": .magenta
        case "execute_tool": .yellow
        case "invoke_agent": .blue
        case "orchestrator.verify", "orchestrator.check": .green
        default: .cyan
        }
    }

    /// Events, the error's words and links, each in a line under its span.
    private func details(of row: TraceTree.Row) -> [StyledText] {
        let span = row.span
        var found: [(sign: String, style: TextStyle, text: String)] = []
        if span.isError, !span.status.message.isEmpty, span.status.message != span.errorWord {
            found.append(("✘", .red, span.status.message))
        }
        for event in span.events {
            let after = event.time >= tree.start ? "+" : "-"
            let time = SpanTime.text(nanoseconds: max(event.time, tree.start) - min(event.time, tree.start))
            let words = [event.name, after + time] + event.attributes.map(\.words)
            found.append(("◆", .yellow, words.joined(separator: "  ")))
        }
        for link in span.links { found.append(("↔", .faint, "link to span \(link.spanID) of trace \(link.traceID)")) }
        let isParent = row.descendants > 0
        let branches =
            row.continues.map { $0 ? "│  " : "   " }.joined() + (isParent ? "│   " : "    ")
        return found.map { sign, style, text in
            var line = StyledText(branches.cut(toDisplayWidth: width * 2 / 3), .faint)
            line.append(sign + " ", style)
            line.append(TerminalText.singleLine(text).cut(toDisplayWidth: max(width - line.displayWidth, 1)), style)
            return line
        }
    }
}
