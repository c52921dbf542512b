/// Makes text of others harmless for a terminal.
enum TerminalText {
    /// The text with every control character but the newline and the tabulator replaced by a visible sign, so that no escape
    /// sequence (ECMA-48) can move the cursor, change colours or titles, or answer for the user; characters that turn
    /// the direction of writing (Unicode Bidirectional Algorithm, 3.1) are replaced likewise.
    static func harmless(_ text: String) -> String {
        var harmless = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: harmless.append(scalar)
            case 0x0D: continue
            case 0x00..<0x20: harmless.append(Unicode.Scalar(0x2400 + scalar.value) ?? replacement)
            case 0x7F: harmless.append("\u{2421}")
            case 0x80..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F: harmless.append(replacement)
            default: harmless.append(scalar)
            }
        }
        return String(harmless)
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"
}
