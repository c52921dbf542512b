/// A word of a command, cut off at white space as far as it matters for telling what the command is.
struct ShellWord {
    /// The word as it is written, quotes included.
    let text: String
    /// Whether a quotation begins in it.
    let isQuoted: Bool

    /// `NAME=value`.
    var isAssignment: Bool {
        guard let equals = text.utf8.firstIndex(of: Byte.equals), equals != text.utf8.startIndex else { return false }
        return text.utf8[..<equals].allSatisfy { $0.isAlphanumeric || $0 == Byte.underscore }
            && text.utf8.first?.isDigit == false
    }

    /// Whether only a command has such a word: an option, or a path.
    var isEvidence: Bool {
        guard !isQuoted else { return false }
        let letters = text.utf8.drop { $0 == Byte.dash }
        let dashes = text.utf8.count - letters.count
        if dashes == 1 || dashes == 2, letters.first?.isLetter == true { return true }
        return PathShape.isEvident(text)
    }

    /// The words of a command; nil if there is none, a quotation has no end, or parentheses make it a call.
    static func words(of text: String) -> [ShellWord]? {
        var words: [ShellWord] = []
        var word: [UInt8] = []
        var quote: UInt8?
        var isQuoted = false
        var previous = Byte.space
        for byte in text.utf8 {
            guard byte >= Byte.space else { return nil }
            if quote == nil, byte == Byte.space {
                if !word.isEmpty {
                    words.append(ShellWord(text: String(decoding: word, as: UTF8.self), isQuoted: isQuoted))
                }
                word = []
                isQuoted = false
            } else {
                if quote == nil, byte == Byte.openParenthesis, previous != Byte.dollar { return nil }
                word.append(byte)
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == Byte.doubleQuote || byte == Byte.singleQuote {
                    quote = byte
                    isQuoted = true
                }
            }
            previous = byte
        }
        guard quote == nil else { return nil }
        if !word.isEmpty { words.append(ShellWord(text: String(decoding: word, as: UTF8.self), isQuoted: isQuoted)) }
        return words.isEmpty ? nil : words
    }

    /// Whether a command is only the form of one: `<id>`, `{id}`, `[options]`, `PLAN`, `…`, `...` (but `./...` is Go's).
    static func hasPlaceholder(_ text: String, words: [ShellWord]) -> Bool {
        if text.contains("…") || text.contains("path/to") { return true }
        let bytes = Array(text.utf8)
        for index in bytes.indices {
            let before = index > 0 ? bytes[index - 1] : Byte.space
            let after = index + 1 < bytes.count ? bytes[index + 1] : Byte.space
            if bytes[index] == Byte.less, after.isLetter { return true }
            if bytes[index] == Byte.dot, before != Byte.slash, bytes[index...].starts(with: "...".utf8) { return true }
            if bytes[index] == Byte.openBrace, before != Byte.dollar {
                let name = bytes[(index + 1)...].prefix {
                    $0.isAlphanumeric || $0 == Byte.underscore || $0 == Byte.dash
                }
                if !name.isEmpty, index + 1 + name.count < bytes.count, bytes[index + 1 + name.count] == Byte.closeBrace
                {
                    return true
                }
            }
        }
        return words.contains { !$0.isQuoted && $0.isPlaceholder }
    }

    /// An optional part, or a word in capitals that stands for a value.
    private var isPlaceholder: Bool {
        if text.utf8.count > 2, text.hasPrefix("["), text.utf8.last == Byte.closeBracket { return true }
        let capitals = [
            "HEAD", "GET", "HEAD~1", "POST", "PUT", "PATCH", "DELETE", "README", "LICENSE", "TODO", "FIXME",
        ]
        guard text.utf8.count > 1, text.utf8.first?.isUppercase == true, !capitals.contains(text) else { return false }
        return text.utf8.allSatisfy { $0.isUppercase || $0.isDigit || $0 == Byte.underscore || $0 == Byte.dash }
    }
}
