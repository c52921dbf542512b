/// A header: `## Text`, `## Text ##`, or a line underlined with `===` or `---`.
struct Heading {
    /// The line of its text.
    let line: Int
    /// The text without markers, white space and closing `#`s.
    let text: Range<Int>
    /// Small types, since a file may hold millions of headers.
    private let storedLevel: UInt8
    private let isUnderlined: Bool

    /// The line after it (and after its underline).
    var endLine: Int { isUnderlined ? line + 2 : line + 1 }
    /// From 1 to 6, or 7 for a bold line that stands for a task header.
    var level: Int { Int(storedLevel) }

    init(line: Int, level: UInt8, isUnderlined: Bool = false, text: Range<Int>) {
        self.line = line
        self.storedLevel = level
        self.isUnderlined = isUnderlined
        self.text = text
    }

    /// Nil if the line is no header that starts with number signs.
    ///
    /// The space behind the `#`s may be missing before the word Task.
    init?(line: Int, of source: SourceText) {
        let bytes = source.bytes
        let end = source.content(line).upperBound
        let (indent, start) = source.indentation(line)
        guard indent <= 3, start < end, bytes[start] == Byte.hash else { return nil }
        let markerEnd = source.end(ofRunOf: Byte.hash, from: start, to: end)
        guard markerEnd - start <= 6 else { return nil }
        if markerEnd < end, !bytes[markerEnd].isBlank {
            guard markerEnd - start > 1, source.startsWithTask(at: markerEnd) else { return nil }
        }
        let text = source.trimmed(markerEnd..<end)
        var textEnd = text.upperBound
        while textEnd > text.lowerBound, bytes[textEnd - 1] == Byte.hash { textEnd -= 1 }
        let isClosed = textEnd == text.lowerBound || bytes[textEnd - 1].isBlank
        self.init(
            line: line,
            level: UInt8(markerEnd - start),
            text: isClosed ? source.trimmed(text.lowerBound..<textEnd) : text
        )
    }

    /// Nil if the line is no text that the next one underlines.
    ///
    /// `---` under a text is as often meant as a rule, so the text must stand alone, must be no label, list, quote or
    /// table, and be underlined with at least four dashes unless it is the header of a task or an end-to-end section.
    init?(underlined line: Int, of source: SourceText, follows isAlone: Bool) {
        let underline = source.text(line + 1)
        guard isAlone, underline.count >= 3, source.indentation(line + 1).columns <= 3 else { return nil }
        let byte = source.bytes[underline.lowerBound]
        guard byte == Byte.equals || byte == Byte.dash else { return nil }
        guard source.end(ofRunOf: byte, from: underline.lowerBound, to: underline.upperBound) == underline.upperBound
        else { return nil }
        let text = source.text(line)
        let (indent, start) = source.indentation(line)
        guard indent <= 3, !text.isEmpty, !Heading.excluded.contains(source.bytes[start]) else { return nil }
        guard ListMarker(line: line, of: source) == nil, Label(line: line, of: source) == nil else { return nil }
        if byte == Byte.dash, underline.count < 4 {
            let isTask = TaskHeading(text, of: source)?.hasWord == true
            guard isTask || EndToEnd.isTitle(text, of: source) else { return nil }
        }
        self.init(line: line, level: byte == Byte.equals ? 1 : 2, isUnderlined: true, text: text)
    }

    /// The bytes that no underlined header starts with: quotes, tables, fences, rules.
    private static let excluded = [Byte.quote, Byte.pipe, Byte.backtick, Byte.dash, Byte.equals, Byte.less]

    /// All headers of a plan that are not hidden, in order.
    static func all(in source: SourceText, outline: Outline) -> [Heading] {
        var headings: [Heading] = []
        var isAlone = true
        for line in 0..<source.lineCount {
            if outline.isHidden[line] {
                isAlone = true
            } else if let heading = Heading(line: line, of: source) {
                headings.append(heading)
                isAlone = true
            } else if source.isBlank(line) {
                isAlone = true
            } else {
                if isAlone, line + 1 < source.lineCount, !outline.isHidden[line + 1],
                    let heading = Heading(underlined: line, of: source, follows: isAlone)
                {
                    headings.append(heading)
                }
                isAlone = false
            }
        }
        return headings
    }
}

extension SourceText {
    /// Whether the word Task, in any case, stands at an index and is not the start of a longer word.
    func startsWithTask(at index: Int) -> Bool {
        guard index + 4 <= bytes.count else { return false }
        let word: [UInt8] = [0x74, 0x61, 0x73, 0x6B]
        for offset in 0..<4 where bytes[index + offset].lowercase != word[offset] { return false }
        return index + 4 == bytes.count || !bytes[index + 4].isLetter && bytes[index + 4] != Byte.underscore
    }
}
