/// The part of the screen that is redrawn in place, as it stands on the terminal; makes the bytes that turn it into the next.
///
/// No alternate screen: what is over is written above and scrolls away as all output does. The cursor rests at the end of
/// the last line, and is hidden meanwhile.
struct LiveFrame: Sendable {
    /// The lines that are on the screen.
    private var lines: [String] = []
    /// The terminal's columns when they were written.
    private var width = 0
    private var hasBegun = false

    /// Hides the cursor, and keeps what is too long from going on in the next line (DECTCEM, DECAWM).
    private static let begin = "\u{1B}[?25l\u{1B}[?7l"
    /// Undoes that.
    static let restore = "\u{1B}[?7h\u{1B}[?25h"
    /// Between these a terminal shows nothing half drawn, if it knows them (DEC private mode 2026).
    private static let (hold, release) = ("\u{1B}[?2026h", "\u{1B}[?2026l")

    /// What is to be written so that the screen shows other lines.
    ///
    /// - Parameters:
    ///   - next: The lines, none wider than the terminal; none at all at the end.
    ///   - above: What is printed before them for good: whole lines, each with its end.
    ///   - width: The terminal's columns.
    /// - Returns: One write, empty if nothing changes.
    mutating func update(to next: [String], above: String, width: Int) -> String {
        defer { (lines, self.width, hasBegun) = (next, width, true) }
        if hasBegun, next == lines, above.isEmpty, width == self.width { return "" }
        var text = Self.hold + Self.begin + start(at: width)
        if !above.isEmpty {
            // In a line of another length nothing of the old one may stay; what is long goes on in the next line.
            text += "\u{1B}[J\u{1B}[?7h" + above + "\u{1B}[?7l"
        }
        text += next.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
        text += "\u{1B}[J"
        if next.isEmpty { text += Self.restore }
        return text + Self.release
    }

    /// Forgets what is on the screen: somebody else has written since.
    mutating func forget() { lines = [] }

    /// Goes to the beginning of the first line.
    private func start(at width: Int) -> String {
        var rows = lines.count
        if width < self.width, width > 0 {
            // A terminal that became narrower has broken them.
            rows = lines.reduce(0) { $0 + max(1, ($1.plainWidth + width - 1) / width) }
        }
        return rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
    }
}

extension String {
    /// How many columns it takes without the sequences that colour it.
    fileprivate var plainWidth: Int { replacing(#/\u{1B}\[[0-9;]*m/#, with: "").displayWidth }
}
