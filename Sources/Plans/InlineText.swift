/// Takes inline Markdown off titles and values.
///
/// Code spans stay as they are.
enum InlineText {
    /// Links in a title that is longer than this stay as they are, so that time stays linear.
    private static let longestTitleWithLinks = 4_096

    /// A title without the separator before it, `**`, `~~`, links and a trailing `{#anchor}`.
    ///
    /// With `endsLink` the range begins inside the text of a link, whose end is taken off too.
    static func title(_ range: Range<Int>, endsLink: Bool = false, of source: SourceText) -> String {
        let bytes = source.bytes
        var lower = range.lowerBound
        if endsLink, let close = linkEnd(in: range, of: source) {
            let after = title(close.target..<range.upperBound, of: source)
            let first = title(range.lowerBound..<close.text, of: source)
            return first.isEmpty ? after : after.isEmpty ? first : "\(first) \(after)"
        }
        while lower < range.upperBound {
            if [Byte.colon, Byte.dot, Byte.dash, Byte.space, Byte.tab, Byte.star, Byte.closeParenthesis].contains(
                bytes[lower]
            ) {
                lower += 1
            } else if source.starts(with: "—", at: lower) || source.starts(with: "–", at: lower) {
                lower += 3
            } else {
                break
            }
        }
        let text = source.trimmed(lower..<max(withoutAnchor(lower..<range.upperBound, of: source), lower))
        var result = plain(Array(bytes[text]))
        while let last = result.last, last.isBlank { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    /// Inline Markdown without `**`, `~~` and link targets outside of code spans.
    static func plain(_ text: [UInt8]) -> [UInt8] {
        let keepsLinks = text.count > longestTitleWithLinks
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        var isCode = false
        while index < text.count {
            let byte = text[index]
            if byte == Byte.backtick { isCode.toggle() }
            if !isCode, byte == Byte.star || byte == Byte.tilde, index + 1 < text.count, text[index + 1] == byte {
                index += 2
            } else if !isCode, !keepsLinks, byte == Byte.openBracket, let link = link(in: text, at: index) {
                result += plain(Array(text[link.text]))
                index = link.end
            } else {
                result.append(byte)
                index += 1
            }
        }
        return result
    }

    /// The end of a link's text and the end of its target.
    private static func linkEnd(in range: Range<Int>, of source: SourceText) -> (text: Int, target: Int)? {
        guard let text = source.firstIndex(of: "](", from: range.lowerBound, to: range.upperBound) else { return nil }
        guard let close = source.bytes[text..<range.upperBound].firstIndex(of: Byte.closeParenthesis) else {
            return nil
        }
        return (text, close + 1)
    }

    /// A `[text](target)` at an index; the text holds no bracket.
    private static func link(in text: [UInt8], at start: Int) -> (text: Range<Int>, end: Int)? {
        var index = start + 1
        while index < text.count, text[index] != Byte.closeBracket {
            guard text[index] != Byte.openBracket else { return nil }
            index += 1
        }
        guard index + 1 < text.count, text[index + 1] == Byte.openParenthesis else { return nil }
        guard let close = text[index...].firstIndex(of: Byte.closeParenthesis) else { return nil }
        return ((start + 1)..<index, close + 1)
    }

    private static func withoutAnchor(_ range: Range<Int>, of source: SourceText) -> Int {
        let text = source.trimmed(range)
        guard !text.isEmpty, source.bytes[text.upperBound - 1] == Byte.closeBrace else { return text.upperBound }
        guard let open = source.bytes[text].lastIndex(of: Byte.openBrace), open + 1 < text.upperBound else {
            return text.upperBound
        }
        return source.bytes[open + 1] == Byte.hash ? open : text.upperBound
    }
}
