/// A line of three or more backticks or tildes.
struct FenceMarker {
    /// The backtick or the tilde.
    let byte: UInt8
    /// How many of them.
    let length: Int
    /// The columns before them.
    let indent: Int
    /// The trimmed rest of the line; a line where it is not empty cannot close a fence.
    let info: Range<Int>

    /// Nil if the line is no fence.
    ///
    /// CommonMark 0.31.2, section 4.5.
    init?(line: Int, of source: SourceText) {
        let bytes = source.bytes
        let end = source.content(line).upperBound
        let (indent, start) = source.indentation(line)
        guard start < end, bytes[start] == Byte.backtick || bytes[start] == Byte.tilde else { return nil }
        let runEnd = source.end(ofRunOf: bytes[start], from: start, to: end)
        guard runEnd - start >= 3 else { return nil }
        let info = source.trimmed(runEnd..<end)
        if bytes[start] == Byte.backtick, bytes[info].contains(Byte.backtick) { return nil }
        self.byte = bytes[start]
        self.length = runEnd - start
        self.indent = indent
        self.info = info
    }

    /// The first word of the info string in lower case: `bash`, `markdown`, or empty.
    func language(in source: SourceText) -> String {
        let word = source.bytes[info].prefix { $0.isAlphanumeric || $0 == Byte.dash || $0 == Byte.plus }
        return String(decoding: word.map(\.lowercase), as: UTF8.self)
    }
}
