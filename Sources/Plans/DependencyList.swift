/// Gathers the ids of a "Depends on" label, from its own line or from the list below.
struct DependencyList {
    /// An id and the line it is named on, counted from 1.
    struct Dependency {
        let id: String
        let line: Int
    }

    private(set) var dependencies: [Dependency] = []
    private var known: Set<String> = []

    /// What a number means at this place of the text.
    private enum Reading {
        /// Behind the word Task: an id.
        case named
        /// At the start or behind a comma: an id, unless a word follows it.
        case bare
        /// Behind any other word: "Python 3.12" names no task.
        case prose
    }

    /// Reads ids out of a text: `Task 1.1, 1.2 and 1.3`, `TASK-2.1`, or, where bare ids are allowed, `1.1`.
    ///
    /// "None" at the start means none, whatever follows.
    mutating func take(_ text: Range<Int>, line: Int, allowsBare: Bool, of source: SourceText) {
        guard !DependencyList.isNone(text, of: source) else { return }
        let bytes = source.bytes
        var index = text.lowerBound
        var reading = allowsBare ? Reading.bare : .prose
        while index < text.upperBound {
            let byte = bytes[index]
            if byte.isAlphanumeric {
                index = takeWord(at: index, to: text.upperBound, line: line, reading: &reading, of: source)
                continue
            }
            if byte == Byte.openParenthesis { reading = .prose }
            if byte == Byte.comma, reading == .prose, allowsBare { reading = .bare }
            index += 1
        }
    }

    /// Reads one word and says where it ends.
    private mutating func takeWord(
        at start: Int,
        to limit: Int,
        line: Int,
        reading: inout Reading,
        of source: SourceText
    ) -> Int {
        let bytes = source.bytes
        var end = start
        while end < limit, bytes[end].isLetter { end += 1 }
        let word = bytes[start..<min(end, start + 6)].map(\.lowercase)
        if word == Array("task".utf8) || word == Array("tasks".utf8) {
            reading = .named
            return end
        }
        if word == Array("and".utf8) || word == Array("or".utf8) { return end }
        if reading != .prose, let idEnd = idEnd(from: start, to: limit, of: source),
            reading == .named || isDelimited(idEnd, to: limit, of: source)
        {
            let id = source.string(start..<idEnd)
            if known.insert(id).inserted { dependencies.append(Dependency(id: id, line: line + 1)) }
            return idEnd
        }
        reading = .prose
        while end < limit, bytes[end].isAlphanumeric || bytes[end] == Byte.dot { end += 1 }
        return end
    }

    /// An id, without a comma or full stop behind it, which `TaskID` takes for a part of a list or of a range.
    private func idEnd(from start: Int, to limit: Int, of source: SourceText) -> Int? {
        var end = start
        while end < limit, source.bytes[end].isAlphanumeric || source.bytes[end] == Byte.dot { end += 1 }
        while end > start, source.bytes[end - 1] == Byte.dot { end -= 1 }
        guard let id = TaskID.end(from: start, to: end, form: .named, of: source), id == end else { return nil }
        return source.bytes[start..<end].contains(where: \.isDigit) ? end : nil
    }

    /// Whether no further word belongs to a number: "2 weeks" is no task.
    private func isDelimited(_ end: Int, to limit: Int, of source: SourceText) -> Bool {
        var index = end
        while index < limit, source.bytes[index].isBlank { index += 1 }
        guard index < limit, source.bytes[index].isLetter else { return true }
        let rest = source.bytes[index..<min(limit, index + 4)].map(\.lowercase)
        return rest.starts(with: "and ".utf8) || rest.starts(with: "or ".utf8)
    }

    private static func isNone(_ text: Range<Int>, of source: SourceText) -> Bool {
        var start = text.lowerBound
        while start < text.upperBound, !source.bytes[start].isAlphanumeric { start += 1 }
        let word = source.bytes[start..<min(text.upperBound, start + 8)].prefix { $0.isLetter || $0 == Byte.slash }
        return ["none", "n/a", "nothing", "na"].contains { word.map(\.lowercase).elementsEqual($0.utf8) }
    }
}
