/// Takes the text of an OPTIONS field apart.
///
/// Recognised, in this order: a list over lines (`A) …`, `A. …`, `(A) …`, `1. …`, `1) …`, `- …`, `* …`), the same letters or numbers
/// in one line, and parts between `|`, `;` or commas.
enum ClaimOptions {
    static func split(_ text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline)
        let marked = lines.filter { afterMark($0) != nil }.count
        if marked > 1 || (marked == 1 && lines.count > 1) { return listItems(lines) }
        let line = lines.map { $0.trimmed }.joined(separator: " ")
        if let items = enumerated(line) { return items }
        for separator: Character in ["|", ";", ","] {
            let parts = line.split(separator: separator).map { $0.trimmed }.filter { !$0.isEmpty }
            if parts.count > 1 { return parts }
        }
        let only = (afterMark(line[...]).map { $0.trimmed } ?? line).trimmed
        return only.isEmpty ? [] : [only]
    }

    /// One item for each marked line, with the unmarked lines that follow it.
    private static func listItems(_ lines: [Substring]) -> [String] {
        var items: [String] = []
        for line in lines {
            if let item = afterMark(line) {
                items.append(item.trimmed)
            } else if !items.isEmpty {
                items[items.count - 1] += "\n" + line.trimmed
            } else if !line.trimmed.isEmpty {
                items.append(line.trimmed)
            }
        }
        return items
    }

    /// What follows a list mark at the start of a line, or nil if there is none.
    private static func afterMark(_ line: Substring) -> Substring? {
        var text = line.drop { $0.isWhitespace }
        var hadBullet = false
        if let bullet = text.first, "-*•".contains(bullet), text.dropFirst().first?.isWhitespace == true {
            text = text.dropFirst().drop { $0.isWhitespace }
            hadBullet = true
        }
        return afterEnumerator(text) ?? (hadBullet ? text : nil)
    }

    /// What follows `A)`, `A.`, `(A)`, `1)` or `1.`, bold or not, and white space.
    private static func afterEnumerator(_ text: Substring) -> Substring? {
        var rest = text.drop { "*`".contains($0) }
        if rest.first == "(" { rest = rest.dropFirst() }
        let name = rest.prefix { $0.isASCII && ($0.isNumber || $0.isLetter) }
        let isEnumerator = name.count == 1 || (name.count == 2 && name.allSatisfy(\.isNumber))
        rest = rest.dropFirst(name.count)
        guard isEnumerator, let end = rest.first, ").:".contains(end) else { return nil }
        rest = rest.dropFirst().drop { "*`".contains($0) }
        guard rest.first?.isWhitespace ?? true else { return nil }
        return rest.drop { $0.isWhitespace }
    }

    /// The items of `A) … B) …` or `1. … 2. …` in one line, or nil if there are fewer than two in order.
    private static func enumerated(_ line: String) -> [String]? {
        for names in [["A", "B", "C", "D", "E", "F", "G", "H"], ["1", "2", "3", "4", "5", "6", "7", "8"]] {
            for mark in [")", ".", ":"] {
                let items = items(of: line, marks: names.map { $0 + mark })
                if items.count > 1 { return items }
            }
        }
        return nil
    }

    private static func items(of line: String, marks: [String]) -> [String] {
        var items: [String] = []
        var rest = line[...]
        for (index, mark) in marks.enumerated() {
            guard let range = rest.firstRange(of: index == 0 ? mark + " " : " " + mark + " ") else { break }
            if index == 0 {
                guard rest[..<range.lowerBound].allSatisfy({ " (*".contains($0) }) else { return [] }
            } else {
                items.append(item(rest[..<range.lowerBound]))
            }
            rest = rest[range.upperBound...]
        }
        items.append(item(rest))
        return items
    }

    /// An item without the commas and marks that stand between items.
    private static func item(_ text: Substring) -> String {
        var text = text.trimmed[...]
        while let last = text.last, ",;|(".contains(last) || last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
