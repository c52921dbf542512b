/// Which lines of a plan are Markdown to be read, and which are examples, comments or front matter.
struct Outline {
    /// For each line, whether it is hidden: front matter, fenced or indented code, an HTML comment.
    private(set) var isHidden: [Bool]
    /// The outermost fenced blocks in order.
    private(set) var blocks: [CodeBlock] = []
    /// Fences and comments that are never closed.
    private(set) var complaints: [Complaint] = []

    private let source: SourceText
    private var pairing = FencePairing()
    /// The column of the text of the list item that the line under the cursor may belong to.
    private var listColumn: Int?
    private var follows = Predecessor.blank

    /// What the line before was, as far as it matters for the next one.
    private enum Predecessor {
        case blank
        case text
        case indentedCode
    }

    init(of source: SourceText) {
        self.source = source
        self.isHidden = Array(repeating: false, count: source.lineCount)
        var line = hideFrontMatter()
        let lastCommentEnd = Outline.lastCommentEnd(in: source)
        while line < source.lineCount {
            if pairing.isInside {
                if let marker = FenceMarker(line: line, of: source) { pairing.meet(marker, line: line) }
                line += 1
            } else if let end = commentEnd(from: line, lastEnd: lastCommentEnd) {
                for hidden in line..<end { isHidden[hidden] = true }
                line = end
            } else {
                visit(line)
                line += 1
            }
        }
        hideFences()
    }

    /// Hides `---` … `---` at the very start if a key or the closing line follows at once.
    private mutating func hideFrontMatter() -> Int {
        guard source.lineCount > 1, isLine(0, "---") else { return 0 }
        guard isLine(1, "---") || hasKey(1) else { return 0 }
        for line in 1..<source.lineCount where isLine(line, "---") || isLine(line, "...") {
            for hidden in 0...line { isHidden[hidden] = true }
            return line + 1
        }
        return 0
    }

    private func isLine(_ line: Int, _ text: String) -> Bool {
        let content = source.text(line)
        return content.count == 3 && source.indentation(line).columns == 0
            && source.starts(with: text, at: content.lowerBound)
    }

    private func hasKey(_ line: Int) -> Bool {
        let content = source.content(line)
        var index = content.lowerBound
        while index < content.upperBound, source.bytes[index].isKeyByte { index += 1 }
        return index > content.lowerBound && index < content.upperBound && source.bytes[index] == Byte.colon
    }

    /// A line outside of fences and comments: opens a fence, or is text, or indented code.
    private mutating func visit(_ line: Int) {
        let (columns, start) = source.indentation(line)
        let end = source.content(line).upperBound
        guard start < end else {
            follows = follows == .indentedCode ? .indentedCode : .blank
            return
        }
        if columns <= (listColumn ?? 0) + 3, let marker = FenceMarker(line: line, of: source) {
            pairing.begin(marker, line: line)
            follows = .blank
            return
        }
        if columns >= 4, listColumn == nil, follows != .text {
            isHidden[line] = true
            follows = .indentedCode
            return
        }
        if let marker = ListMarker(line: line, of: source) {
            listColumn = marker.textColumn
        } else if columns < 2, follows != .text || source.bytes[start] == Byte.hash {
            listColumn = nil
        }
        follows = source.bytes[start] == Byte.hash ? .blank : .text
    }
}

// MARK: - Comments

extension Outline {
    /// The line after an HTML comment that starts on a line, nil if none does.
    ///
    /// A comment that never ends is text.
    private mutating func commentEnd(from line: Int, lastEnd: Int) -> Int? {
        let (columns, start) = source.indentation(line)
        guard columns <= 3, source.starts(with: "<!--", at: start) else { return nil }
        if let end = source.firstIndex(of: "-->", from: start + 4, to: source.content(line).upperBound) {
            return source.trimmed((end + 3)..<source.content(line).upperBound).isEmpty ? line + 1 : nil
        }
        guard lastEnd > line else {
            let message = "The HTML comment that starts here is never closed and is read as text; close it with -->."
            complaints.append(Complaint(line: line + 1, message: message, severity: .warning))
            return nil
        }
        var end = line + 1
        while source.firstIndex(of: "-->", from: source.content(end).lowerBound, to: source.content(end).upperBound)
            == nil
        {
            end += 1
        }
        return end + 1
    }

    private static func lastCommentEnd(in source: SourceText) -> Int {
        var index = source.bytes.count - 3
        while index >= 0 {
            if source.bytes[index] == Byte.dash, source.starts(with: "-->", at: index) {
                return source.line(containing: index)
            }
            index -= 1
        }
        return -1
    }
}

// MARK: - Fences

extension Outline {
    /// Hides the blocks that the pairing found, and the text behind a fence that is never closed up to where the plan
    /// visibly goes on.
    private mutating func hideFences() {
        var line = pairing.openings.first?.line ?? source.lineCount
        var next = 0
        var unclosed: FencePairing.Opening?
        while line < source.lineCount {
            while next < pairing.openings.count, pairing.openings[next].line < line { next += 1 }
            if next < pairing.openings.count, pairing.openings[next].line == line, !pairing.openings[next].isText {
                let opening = pairing.openings[next]
                if let closing = opening.closingLine {
                    hide(opening, to: closing, isInside: unclosed != nil)
                    line = closing + 1
                    continue
                }
                unclosed = unclosed ?? opening
            }
            if let opening = unclosed, line > opening.line, planGoesOn(at: line, behind: opening) {
                complain(opening, until: line)
                unclosed = nil
            }
            if unclosed != nil { isHidden[line] = true }
            line += 1
        }
        if let opening = unclosed { complain(opening, until: nil) }
    }

    private mutating func hide(_ opening: FencePairing.Opening, to closing: Int, isInside: Bool) {
        for hidden in opening.line...closing { isHidden[hidden] = true }
        guard !isInside else { return }
        blocks.append(CodeBlock(lines: opening.line..<(closing + 1), language: opening.marker.language(in: source)))
    }

    /// Whether a line behind an unclosed fence cannot be code: a task header, the header of an end-to-end section, or,
    /// unless the block is itself Markdown, the label of the acceptance criteria.
    private func planGoesOn(at line: Int, behind opening: FencePairing.Opening) -> Bool {
        if let heading = Heading(line: line, of: source) {
            guard heading.level > 1 else { return false }
            return TaskHeading(heading.text, of: source)?.hasWord == true || EndToEnd.isTitle(heading.text, of: source)
        }
        guard !["markdown", "md"].contains(opening.marker.language(in: source)) else { return false }
        guard let label = Label(line: line, of: source), label.isBold else { return false }
        return label.kind == .criteria
    }

    private mutating func complain(_ opening: FencePairing.Opening, until line: Int?) {
        let fence = String(
            repeating: opening.marker.byte == Byte.tilde ? "~" : "`",
            count: min(opening.marker.length, 8)
        )
        let effect = line.map { "is taken to end before line \($0 + 1)" } ?? "hides everything to the end of the file"
        let message = "The code fence that starts here is never closed and \(effect); close it with \(fence)."
        complaints.append(Complaint(line: opening.line + 1, message: message, severity: .warning))
    }
}

extension UInt8 {
    /// Part of a key of front matter.
    fileprivate var isKeyByte: Bool {
        isAlphanumeric || self == Byte.underscore || self == Byte.dash || self == Byte.space
    }
}

extension SourceText {
    /// Whether the bytes at an index are those of an ASCII text.
    func starts(with text: String, at index: Int) -> Bool {
        guard index >= 0, index + text.utf8.count <= bytes.count else { return false }
        var position = index
        for byte in text.utf8 {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        return true
    }

    /// Where an ASCII text first occurs.
    func firstIndex(of text: String, from start: Int, to end: Int) -> Int? {
        guard start + text.utf8.count <= end else { return nil }
        let first = text.utf8.first
        for index in start...(end - text.utf8.count) where bytes[index] == first {
            if starts(with: text, at: index) { return index }
        }
        return nil
    }
}
