/// A piece of the text of a criterion.
enum CriterionToken: Equatable {
    /// A word as it is written, without emphasis around it.
    case word(String)
    /// The content of a code span.
    case code(String)
    /// The text between two straight or two curly double quotes.
    case quoted(String)
    /// A punctuation mark.
    case mark(UInt8)

    /// A longer criterion is prose, and reading it must stay cheap.
    private static let longest = 1_000

    /// Cuts a text into pieces; nil if it is too long, or a code span or a quotation has no end.
    static func tokens(of text: some Sequence<UInt8>) -> [CriterionToken]? {
        let bytes = Array(text.prefix(longest + 1))
        guard bytes.count <= longest else { return nil }
        var lexer = Lexer(bytes: bytes)
        return lexer.read() ? lexer.tokens : nil
    }
}

private struct Lexer {
    let bytes: [UInt8]
    private(set) var tokens: [CriterionToken] = []
    private var index = 0

    private static let openingQuote: [UInt8] = [0xE2, 0x80, 0x9C]
    private static let closingQuote: [UInt8] = [0xE2, 0x80, 0x9D]
    private static let apostrophe: [UInt8] = [0xE2, 0x80, 0x99]
    private static let marks = Set("(),;!?|".utf8)

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read() -> Bool {
        while index < bytes.count {
            let byte = bytes[index]
            if byte.isBlank || byte == Byte.star {
                index += 1
            } else if byte == Byte.backtick {
                guard readCode() else { return false }
            } else if byte == Byte.doubleQuote {
                guard readQuoted(opening: 1, closing: [Byte.doubleQuote]) else { return false }
            } else if isAt(Lexer.openingQuote) {
                guard readQuoted(opening: 3, closing: Lexer.closingQuote) else { return false }
            } else if isAt(Lexer.closingQuote) {
                return false
            } else if Lexer.marks.contains(byte) || byte == Byte.colon {
                tokens.append(.mark(byte))
                index += 1
            } else {
                readWord()
            }
        }
        return true
    }

    private func isAt(_ text: [UInt8], _ place: Int? = nil) -> Bool {
        bytes[min(place ?? index, bytes.count)...].starts(with: text)
    }

    /// Reads a code span: as many backticks end it as begin it (CommonMark 0.31.2, section 6.1).
    private mutating func readCode() -> Bool {
        let start = runEnd(from: index)
        var close = start
        while close < bytes.count {
            let end = runEnd(from: close)
            if end - close == start - index {
                tokens.append(.code(Lexer.text(Lexer.withoutPadding(bytes[start..<close]))))
                index = end
                return true
            }
            close = max(end, close + 1)
        }
        return false
    }

    private func runEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == Byte.backtick { end += 1 }
        return end
    }

    /// One space is taken off at each end if there is one at both.
    private static func withoutPadding(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard content.count > 2, content.first == Byte.space, content.last == Byte.space else { return content }
        return content.dropFirst().dropLast()
    }

    private mutating func readQuoted(opening: Int, closing: [UInt8]) -> Bool {
        let start = index + opening
        var close = start
        while close < bytes.count, !isAt(closing, close) { close += 1 }
        guard close < bytes.count else { return false }
        tokens.append(.quoted(Lexer.text(bytes[start..<close])))
        index = close + closing.count
        return true
    }

    /// Reads up to white space or punctuation; stars and full stops at the end are no part of the word.
    private mutating func readWord() {
        var word: [UInt8] = []
        while index < bytes.count, !endsWord(at: index) {
            if isAt(Lexer.apostrophe) {
                word.append(Byte.singleQuote)
                index += 3
            } else {
                word.append(bytes[index])
                index += 1
            }
        }
        var stops = 0
        while let last = word.last, last == Byte.star || last == Byte.dot {
            stops += last == Byte.dot ? 1 : 0
            word.removeLast()
        }
        if !word.isEmpty { tokens.append(.word(Lexer.text(word[...]))) }
        for _ in 0..<stops { tokens.append(.mark(Byte.dot)) }
    }

    private func endsWord(at place: Int) -> Bool {
        let byte = bytes[place]
        if byte == Byte.colon {
            guard place + 1 < bytes.count else { return true }
            return bytes[place + 1].isBlank || bytes[place + 1] == Byte.star || bytes[place + 1] == Byte.backtick
        }
        return byte.isBlank || byte == Byte.backtick || byte == Byte.doubleQuote || Lexer.marks.contains(byte)
            || isAt(Lexer.openingQuote, place) || isAt(Lexer.closingQuote, place)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
