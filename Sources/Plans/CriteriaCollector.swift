/// Gathers the criteria under one label, line by line.
///
/// A list item is a criterion: `- [ ]`, `- [x]`, `* [ ]`, `1.`, or a plain dash. An item below another one is a criterion
/// of its own if it has a check box, else it belongs to the text of the one above. Lines that an item is wrapped over are
/// joined with a space. Rows of a table are criteria. A text alone, with no list, is one criterion.
struct CriteriaCollector {
    private struct Item {
        let line: Int
        let indent: Int
        let isChecked: Bool
        var text: [UInt8]
    }

    /// The columns before a label that is itself a list item; the criteria are deeper.
    let labelIndent: Int?
    /// Whether a text that belongs to no item came after the items: from then on only check boxes count.
    private var isLoose = false
    private var followsBlank = false
    private var tableRows = 0
    private var items: [Item] = []
    /// Indices of the items that the next line may stand below, outermost first.
    private var parents: [Int] = []
    /// The index of the item that an unmarked line goes on with.
    private var current = 0
    private var text: [UInt8] = []
    private var textLine: Int?

    init(labelIndent: Int?) {
        self.labelIndent = labelIndent
    }

    /// Whether there is nothing under the label yet.
    var isEmpty: Bool { items.isEmpty && text.isEmpty }

    /// Whether a line would go on with the text of the last item.
    var isWithinItem: Bool { !items.isEmpty && !followsBlank }

    /// The value on the label's own line.
    mutating func takeValue(_ value: Range<Int>, line: Int, of source: SourceText) {
        guard !value.isEmpty else { return }
        text += source.bytes[value]
        textLine = line
    }

    /// Takes a line; false if it ends the list, because it is an item beside the label.
    mutating func take(_ line: Int, of source: SourceText) -> Bool {
        let (columns, start) = source.indentation(line)
        let content = source.text(line)
        guard !content.isEmpty else {
            followsBlank = true
            return true
        }
        if let marker = ListMarker(line: line, of: source) {
            if let labelIndent, marker.indent <= labelIndent { return false }
            take(marker, line: line, to: content.upperBound, of: source)
        } else if source.bytes[start] == Byte.pipe {
            takeRow(content, line: line, of: source)
        } else {
            if let labelIndent, columns <= labelIndent, followsBlank { return false }
            takeText(content, line: line, columns: columns, of: source)
        }
        followsBlank = false
        return true
    }

    private mutating func take(_ marker: ListMarker, line: Int, to end: Int, of source: SourceText) {
        let content = source.bytes[min(marker.textStart, end)..<end]
        while let last = parents.last, items[last].indent + 2 > marker.indent { parents.removeLast() }
        if marker.isChecked == nil {
            if let parent = parents.last {
                current = parent
                let isIntroduced = items[parent].text.last == Byte.colon
                items[parent].text += Array((isIntroduced ? " " : "; ").utf8)
                items[parent].text += content
                return
            }
            if isLoose { return }
        }
        current = items.count
        parents.append(items.count)
        items.append(
            Item(line: line, indent: marker.indent, isChecked: marker.isChecked ?? false, text: Array(content))
        )
    }

    private mutating func takeText(_ content: Range<Int>, line: Int, columns: Int, of source: SourceText) {
        if !items.isEmpty {
            guard !followsBlank || columns >= items[current].indent + 2 else {
                isLoose = true
                return
            }
            guard !isLoose else { return }
            if !items[current].text.isEmpty { items[current].text.append(Byte.space) }
            items[current].text += source.bytes[content]
        } else {
            if !text.isEmpty { text.append(Byte.space) }
            text += source.bytes[content]
            textLine = textLine ?? line
        }
    }

    /// Takes a row of a table; the first one is its head and the second the rule below it.
    private mutating func takeRow(_ content: Range<Int>, line: Int, of source: SourceText) {
        tableRows += 1
        guard tableRows > 2 else { return }
        var text: [UInt8] = []
        var isChecked = false
        var start = content.lowerBound
        for index in content.lowerBound...content.upperBound
        where index == content.upperBound || source.bytes[index] == Byte.pipe {
            let cell = source.bytes[source.trimmed(start..<index)]
            start = index + 1
            guard !cell.isEmpty else { continue }
            if cell.count <= 4, let tick = CriteriaCollector.tick(Array(cell)) {
                isChecked = isChecked || tick
            } else {
                text += text.isEmpty ? [] : Array(" | ".utf8)
                text += cell
            }
        }
        current = items.count
        items.append(Item(line: line, indent: 0, isChecked: isChecked, text: text))
    }

    /// Whether a cell is a ticked box; nil if it is no box.
    private static func tick(_ cell: [UInt8]) -> Bool? {
        if cell == Array("[ ]".utf8) { return false }
        return ["[x]", "[X]", "✅", "✓"].contains { cell.elementsEqual($0.utf8) } ? true : nil
    }

    /// The criteria, and the lines of items with no text.
    func criteria() -> (criteria: [PlanTask.Criterion], emptyLines: [Int]) {
        if items.isEmpty, let textLine {
            let text = String(decoding: text, as: UTF8.self)
            return ([PlanTask.Criterion(text: text, isChecked: false, line: textLine + 1)], [])
        }
        var criteria: [PlanTask.Criterion] = []
        var emptyLines: [Int] = []
        for item in items {
            let text = String(decoding: item.text.drop(while: \.isBlank), as: UTF8.self)
            if text.isEmpty {
                emptyLines.append(item.line + 1)
            } else {
                criteria.append(PlanTask.Criterion(text: text, isChecked: item.isChecked, line: item.line + 1))
            }
        }
        return (criteria, emptyLines)
    }
}
