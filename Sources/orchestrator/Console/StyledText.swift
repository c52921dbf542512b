import Glibc

/// A line with colours, which are left out where the reader wants none.
struct StyledText: Sendable, Equatable {
    private struct Piece: Sendable, Equatable {
        var text: String
        var style: TextStyle
    }

    private var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

    /// Adds a piece, made harmless and kept in the line.
    mutating func append(_ text: String, _ style: TextStyle = .plain) {
        let harmless = TerminalText.singleLine(text)
        if !harmless.isEmpty { pieces.append(Piece(text: harmless, style: style)) }
    }

    /// Adds spaces until the line is so wide.
    mutating func pad(to width: Int) {
        let missing = width - displayWidth
        if missing > 0 { append(String(repeating: " ", count: missing)) }
    }

    /// The columns that it takes.
    var displayWidth: Int { pieces.reduce(0) { $0 + $1.text.displayWidth } }

    /// The beginning of the line that fits into so many columns; where something is left out, `…` stands at its end.
    func cut(toDisplayWidth limit: Int) -> StyledText {
        guard displayWidth > limit else { return self }
        var cut = StyledText()
        var room = limit
        for piece in pieces {
            let width = piece.text.displayWidth
            // A piece that just fits gives its last column to the sign, since more follows.
            let text = width < room ? piece.text : (piece.text + " ").cut(toDisplayWidth: room)
            cut.pieces.append(Piece(text: text, style: piece.style))
            room -= width
            if room <= 0 { break }
        }
        return cut
    }

    /// The same with secrets replaced.
    func masked(by mask: SecretMask) -> StyledText {
        var masked = self
        for index in pieces.indices { masked.pieces[index].text = mask.text(pieces[index].text) }
        return masked
    }

    /// Without colours, and without spaces at the end.
    var plain: String { pieces.map(\.text).joined().replacing(#/ +$/#, with: "") }

    /// With the terminal's sequences for colours.
    var coloured: String {
        pieces.map { $0.style.paint($0.text) }.joined()
    }
}

extension TerminalText {
    /// The text made harmless, in one line: what would begin a new line, or jump to a column, becomes a space.
    static func singleLine(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isPlain ? text : String(harmless(text).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}

extension Console {
    /// Prints a line with its colours, if this console has any.
    func print(_ line: StyledText) {
        guard !isForProgram else { return }
        let line = line.masked(by: mask)
        Self.writeAll((isColoured ? line.coloured : line.plain) + "\n", to: STDOUT_FILENO)
    }
}
