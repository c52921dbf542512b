/// Gathers the paths of a "File" label, from its own line or from the list below.
struct FileList {
    private(set) var paths: [String] = []
    private var known: Set<String> = []
    /// The columns before the item that gave the last path; deeper items describe it.
    private var itemIndent: Int?

    /// Starts a new label.
    mutating func begin() {
        itemIndent = nil
    }

    /// Paths in one line, divided by commas: the first code span of each part, else its text up to a remark.
    mutating func takeValue(_ value: Range<Int>, of source: SourceText) {
        var start = value.lowerBound
        var isCode = false
        var depth = 0
        for index in value {
            let byte = source.bytes[index]
            if byte == Byte.backtick { isCode.toggle() }
            if byte == Byte.openParenthesis { depth += 1 }
            if byte == Byte.closeParenthesis { depth = max(depth - 1, 0) }
            guard byte == Byte.comma, !isCode, depth == 0 else { continue }
            take(start..<index, of: source)
            start = index + 1
        }
        if start < value.upperBound { take(start..<value.upperBound, of: source) }
    }

    /// A line below the label; only list items name files.
    mutating func take(_ line: Int, of source: SourceText) {
        guard let marker = ListMarker(line: line, of: source) else { return }
        if let itemIndent, marker.indent >= itemIndent + 2 { return }
        let count = paths.count
        let end = source.text(line).upperBound
        if marker.textStart < end { takeValue(marker.textStart..<end, of: source) }
        if paths.count > count { itemIndent = marker.indent }
    }

    private mutating func take(_ part: Range<Int>, of source: SourceText) {
        guard let path = path(in: part, of: source), known.insert(path).inserted else { return }
        paths.append(path)
    }

    private func path(in part: Range<Int>, of source: SourceText) -> String? {
        let bytes = source.bytes
        if let open = bytes[part].firstIndex(of: Byte.backtick) {
            let start = source.end(ofRunOf: Byte.backtick, from: open, to: part.upperBound)
            guard let close = bytes[start..<part.upperBound].firstIndex(of: Byte.backtick) else { return nil }
            let text = source.trimmed(start..<close)
            return text.isEmpty ? nil : source.string(text)
        }
        let text = InlineText.plain(Array(bytes[source.trimmed(part)]))
        let words = text.split(whereSeparator: \.isBlank)
        let named = words.first?.last == Byte.colon ? words.dropFirst() : words[...]
        guard let word = named.first else { return nil }
        let path = String(decoding: word, as: UTF8.self)
        let isRemark = named.count == 1 || FileList.startsRemark(named[named.startIndex + 1])
        guard isRemark, !["none", "n/a", "na", "tbd", "-", "various", "tests"].contains(path.lowercased()) else {
            return nil
        }
        return path
    }

    private static func startsRemark(_ word: ArraySlice<UInt8>) -> Bool {
        word.first == Byte.openParenthesis || word.first == Byte.less || word.elementsEqual([Byte.dash])
            || word.first?.isBeyondASCII == true
    }
}
