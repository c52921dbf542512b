/// Shell commands that a plan gives to check what was done.
package struct CommandBlock: Sendable, Equatable {
    /// The line of the opening fence, of the label or of the list item, counted from 1.
    package let line: Int
    /// The commands, without the last line end and without the prompts and the output of a transcript.
    ///
    /// At least one line of it is neither blank nor a comment.
    package let text: String

    package init(line: Int, text: String) {
        self.line = line
        self.text = text
    }
}

extension CommandBlock {
    private static let languages: Set = ["bash", "sh", "shell", "zsh"]
    /// Languages that an author may well take for those of commands.
    private static let similarLanguages: Set = [
        "", "console", "terminal", "shell-session", "shellsession", "sh-session", "fish", "powershell", "pwsh", "cmd",
        "bat",
    ]

    /// The commands of a fenced block; nil if it is none of a shell, or holds no command.
    ///
    /// Lines lose the columns before the opening fence. If a line starts with `$ `, the block is a transcript: only such
    /// lines count, with the lines that a `\` at their end continues, and the others are expected output.
    init?(_ block: CodeBlock, of source: SourceText) {
        guard CommandBlock.languages.contains(block.language) else { return nil }
        let lines = CommandBlock.content(of: block)
        let indent = source.indentation(block.lines.lowerBound).columns
        var kept = lines.map { CommandBlock.unindented($0, by: indent, of: source) }
        if kept.contains(where: { CommandBlock.prompted($0, of: source) != nil }) {
            var isContinued = false
            kept = kept.compactMap { line in
                guard let command = CommandBlock.prompted(line, of: source) ?? (isContinued ? line : nil) else {
                    return nil
                }
                isContinued = source.bytes[command].last == Byte.backslash
                return command
            }
        }
        let hasCommand = kept.contains { line in
            let text = source.trimmed(line)
            return !text.isEmpty && source.bytes[text.lowerBound] != Byte.hash
        }
        guard hasCommand else { return nil }
        let text = kept.map { source.bytes[$0] }.joined(separator: [Byte.newline])
        self.init(line: block.lines.lowerBound + 1, text: String(decoding: Array(text), as: UTF8.self))
    }

    /// A warning if a block is not run although its author may think so: it holds text, and it has no language or one that
    /// is close to that of a shell.
    ///
    /// Not if the line before it announces output.
    static func complaint(about block: CodeBlock, ofCheck name: String, of source: SourceText) -> Complaint? {
        guard similarLanguages.contains(block.language), !isOutput(block, of: source) else { return nil }
        guard content(of: block).contains(where: { !source.isBlank($0) }) else { return nil }
        let reason = block.language.isEmpty ? "has no language" : "is marked \(block.language)"
        let message =
            "The code block that starts here \(reason) and is not run to verify \(name); "
            + "write ```bash before commands, ```text before output."
        return Complaint(line: block.lines.lowerBound + 1, message: message, severity: .warning)
    }

    /// The lines between the fences.
    private static func content(of block: CodeBlock) -> Range<Int> {
        let first = block.lines.lowerBound + 1
        return first..<max(first, block.lines.upperBound - 1)
    }

    /// Whether the last line with text before a block speaks of what is expected.
    private static func isOutput(_ block: CodeBlock, of source: SourceText) -> Bool {
        var line = block.lines.lowerBound - 1
        while line >= 0, source.isBlank(line) { line -= 1 }
        guard line >= 0, FenceMarker(line: line, of: source) == nil else { return false }
        let text = source.string(source.text(line)).lowercased()
        return ["expect", "output", "should", "result"].contains { text.contains($0) }
    }

    /// A line without white space at its end and up to so many columns at its start.
    private static func unindented(_ line: Int, by indent: Int, of source: SourceText) -> Range<Int> {
        let content = source.content(line)
        var start = content.lowerBound
        while start < content.upperBound, start - content.lowerBound < indent, source.bytes[start] == Byte.space {
            start += 1
        }
        return start..<content.upperBound
    }

    /// What stands behind the prompt of a line; nil if it has none.
    private static func prompted(_ line: Range<Int>, of source: SourceText) -> Range<Int>? {
        let text = source.trimmed(line)
        return source.starts(with: "$ ", at: text.lowerBound) && text.count > 2
            ? source.trimmed((text.lowerBound + 2)..<text.upperBound) : nil
    }
}
