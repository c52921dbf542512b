/// The start of a list item: `-`, `*`, `+`, `1.` or `1)`, and its check box if it has one.
struct ListMarker {
    /// The columns before the marker.
    let indent: Int
    /// Where the item's text begins, behind the marker and the check box.
    let textStart: Int
    /// The column of the text behind the marker; fences and paragraphs of the item stand there.
    let textColumn: Int
    /// Whether the box is ticked; nil where there is no box.
    let isChecked: Bool?

    /// Nil if the line starts no list item.
    init?(line: Int, of source: SourceText) {
        let bytes = source.bytes
        let end = source.content(line).upperBound
        let (indent, start) = source.indentation(line)
        guard start < end else { return nil }
        var index = start
        if [Byte.dash, Byte.star, Byte.plus].contains(bytes[start]) {
            index += 1
        } else {
            while index < end, index - start < 9, bytes[index].isDigit { index += 1 }
            guard index > start, index < end, bytes[index] == Byte.dot || bytes[index] == Byte.closeParenthesis
            else { return nil }
            index += 1
        }
        guard index == end || bytes[index].isBlank else { return nil }
        self.indent = indent
        self.textColumn = indent + (index - start) + 1
        while index < end, bytes[index].isBlank { index += 1 }
        (self.isChecked, self.textStart) = ListMarker.checkBox(in: source, from: index, to: end)
    }

    /// Reads `[ ]`, `[]`, `[x]`, `[X]`, and other ticks such as `[✓]`.
    private static func checkBox(in source: SourceText, from start: Int, to end: Int) -> (Bool?, Int) {
        let bytes = source.bytes
        guard start < end, bytes[start] == Byte.openBracket else { return (nil, start) }
        var close = start + 1
        while close < end, close - start < 6, bytes[close] != Byte.closeBracket { close += 1 }
        guard close < end, bytes[close] == Byte.closeBracket else { return (nil, start) }
        guard close + 1 == end || bytes[close + 1].isBlank else { return (nil, start) }
        let inside = bytes[(start + 1)..<close]
        let isEmpty = inside.allSatisfy(\.isBlank)
        let isTick = inside.count == 1 && inside.first?.lowercase == UInt8(ascii: "x")
        guard isEmpty || isTick || inside.allSatisfy(\.isBeyondASCII) else { return (nil, start) }
        var index = close + 1
        while index < end, bytes[index].isBlank { index += 1 }
        return (!isEmpty, index)
    }
}
