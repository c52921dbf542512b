/// Makes text of others harmless for a terminal.
enum TerminalText {
    /// The text with every control character but the newline and the tabulator replaced by a visible sign, so that no escape
    /// sequence (ECMA-48) can move the cursor, change colours or titles, or answer for the user; characters that turn
    /// the direction of writing (Unicode Bidirectional Algorithm, 3.1) are replaced likewise.
    static func harmless(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return text }
        var harmless = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: harmless.append(scalar)
            case 0x0D: continue
            case 0x00..<0x20: harmless.append(Unicode.Scalar(0x2400 + scalar.value) ?? replacement)
            case 0x7F: harmless.append("\u{2421}")
            case let value where isHarmful(value): harmless.append(replacement)
            default: harmless.append(scalar)
            }
        }
        return String(harmless)
    }

    /// JSON with the same characters as escapes, which `JSONEncoder` leaves as they are; they stand only in strings.
    static func escapedJSON(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: { isHarmful($0.value) || $0.value == 0x7F }) else { return json }
        return json.unicodeScalars.reduce(into: "") { escaped, scalar in
            if isHarmful(scalar.value) || scalar.value == 0x7F {
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether a character is a control of the second set (C1) or turns the direction of writing.
    private static func isHarmful(_ value: UInt32) -> Bool {
        switch value {
        case 0x80..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F: true
        default: false
        }
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"
}
