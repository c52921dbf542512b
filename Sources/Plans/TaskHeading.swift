/// What a header says if it looks like that of a task.
struct TaskHeading {
    /// `1.1`, without the word Task.
    let id: String
    /// The rest, without emphasis, links and a custom anchor; may be empty.
    let title: String
    /// Whether the word Task stands before the id.
    let hasWord: Bool
    /// Whether a colon stands behind the id.
    let hasColon: Bool
    /// The number of parts of the id that dots divide.
    let components: Int

    /// Nil if the text does not begin with an id or the word Task and an id.
    ///
    /// Emoji, emphasis, a check box and a link's bracket before it are passed over.
    init?(_ text: Range<Int>, of source: SourceText) {
        let bytes = source.bytes
        let start = TaskHeading.skipDecoration(from: text.lowerBound, to: text.upperBound, of: source)
        var index = start
        self.hasWord = source.startsWithTask(at: index) && index + 4 <= text.upperBound
        if hasWord {
            index += 4
            while index < text.upperBound, TaskHeading.separators.contains(bytes[index]) { index += 1 }
        }
        let form = hasWord ? TaskID.Form.named : .bare
        guard let end = TaskID.end(from: index, to: text.upperBound, form: form, of: source) else { return nil }
        self.id = source.string(index..<end)
        self.components = bytes[index..<end].reduce(1) { $1 == Byte.dot ? $0 + 1 : $0 }
        var rest = end
        while rest < text.upperBound, TaskHeading.closers.contains(bytes[rest]) { rest += 1 }
        self.hasColon = rest < text.upperBound && bytes[rest] == Byte.colon
        let isLink = start > text.lowerBound && bytes[start - 1] == Byte.openBracket
        self.title = InlineText.title(end..<text.upperBound, endsLink: isLink, of: source)
    }

    /// Whether a header begins with `Task:` and no id, which is most likely a task without an id.
    static func lacksID(_ text: Range<Int>, of source: SourceText) -> Bool {
        let index = skipDecoration(from: text.lowerBound, to: text.upperBound, of: source)
        guard source.startsWithTask(at: index), index + 4 < text.upperBound else { return false }
        return source.bytes[index + 4] == Byte.colon && TaskHeading(text, of: source) == nil
    }

    private static let separators = [
        Byte.space, Byte.tab, Byte.dash, Byte.hash, Byte.star, Byte.colon, Byte.openBracket,
    ]
    private static let closers = [
        Byte.space, Byte.tab, Byte.star, Byte.closeBracket, Byte.closeParenthesis, Byte.tilde,
    ]

    private static func skipDecoration(from start: Int, to end: Int, of source: SourceText) -> Int {
        let bytes = source.bytes
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == Byte.openBracket, index + 2 < end, bytes[index + 2] == Byte.closeBracket {
                index += 3
            } else if byte.isBlank || byte.isBeyondASCII || byte == Byte.star || byte == Byte.tilde
                || byte == Byte.openBracket || byte == Byte.underscore
            {
                index += 1
            } else {
                break
            }
        }
        return index
    }
}
