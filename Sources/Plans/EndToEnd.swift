/// A block of shell commands from an end-to-end section of a plan.
package struct CommandBlock: Sendable, Equatable {
    /// The line of the opening fence, counted from 1.
    package let line: Int
    /// The lines between the fences, without the last line end.
    package let text: String

    package init(line: Int, text: String) {
        self.line = line
        self.text = text
    }
}

/// Finds the end-to-end sections: `## E2E Test`, `## E2E Test Scenario`, `## Milestone Verification`, in any case.
enum EndToEnd {
    private static let titles = [
        "e2e test", "e2e scenario", "e2e validation", "e2e verification", "end-to-end test", "end to end test",
        "milestone verification",
    ]
    private static let languages: Set = ["bash", "sh", "shell", "zsh"]

    /// Whether a header's text starts like one of the titles, numbers and emoji before it aside.
    static func isTitle(_ text: Range<Int>, of source: SourceText) -> Bool {
        var start = text.lowerBound
        while start < text.upperBound, !source.bytes[start].isLetter { start += 1 }
        let name = source.bytes[start..<min(text.upperBound, start + 24)].map(\.lowercase)
        return titles.contains { name.starts(with: $0.utf8) }
    }

    /// The shell blocks of all end-to-end sections, in order.
    ///
    /// A section goes to the next header of its level or above.
    static func commands(headings: [Heading], tasks: Set<Int>, outline: Outline, source: SourceText) -> [CommandBlock] {
        var result: [CommandBlock] = []
        var next = 0
        var level: Int?
        for block in outline.blocks {
            while next < headings.count, headings[next].line < block.lines.lowerBound {
                let heading = headings[next]
                if !tasks.contains(heading.line), heading.level > 1, isTitle(heading.text, of: source) {
                    level = min(level ?? heading.level, heading.level)
                } else if tasks.contains(heading.line) || heading.level <= level ?? 0 {
                    level = nil
                }
                next += 1
            }
            guard level != nil, languages.contains(block.language) else { continue }
            let isEmpty = block.lines.count <= 2
            let lines =
                (block.lines.lowerBound + 1)..<(isEmpty ? block.lines.lowerBound + 1 : block.lines.upperBound - 1)
            let text = source.string(source.content(lines))
            result.append(CommandBlock(line: block.lines.lowerBound + 1, text: text))
        }
        return result
    }
}
