/// Finds the milestone's own end-to-end sections: `## E2E Test`, `## E2E Test Scenario`, `## Milestone Verification`, in any case.
///
/// Such a section inside that of a task, below a header deeper than the task's own, belongs to the task; only one that
/// says that it is the milestone's never does.
enum EndToEnd {
    private static let milestoneTitle = "milestone verification"
    private static let titles = [
        "e2e test", "e2e scenario", "e2e validation", "e2e verification", "end-to-end test", "end to end test",
        milestoneTitle,
    ]

    /// Whether a header's text starts like one of the titles, numbers and emoji before it aside.
    static func isTitle(_ text: Range<Int>, of source: SourceText) -> Bool {
        let name = name(text, of: source)
        return titles.contains { name.starts(with: $0.utf8) }
    }

    /// Whether a header says that it is the milestone's, whatever its level.
    static func isMilestoneTitle(_ text: Range<Int>, of source: SourceText) -> Bool {
        name(text, of: source).starts(with: milestoneTitle.utf8)
    }

    private static func name(_ text: Range<Int>, of source: SourceText) -> [UInt8] {
        var start = text.lowerBound
        while start < text.upperBound, !source.bytes[start].isLetter { start += 1 }
        return source.bytes[start..<min(text.upperBound, start + 24)].map(\.lowercase)
    }

    /// The shell blocks of all end-to-end sections outside of tasks, in order, and what is wrong with them.
    ///
    /// A section goes to the next header of its level or above.
    static func read(
        recognition: TaskRecognition,
        outline: Outline,
        source: SourceText
    ) -> (commands: [CommandBlock], complaints: [Complaint]) {
        let headings = recognition.headings
        let sections = Dictionary(
            recognition.found.map { ($0.heading.line, $0.lines.upperBound) },
            uniquingKeysWith: max
        )
        var commands: [CommandBlock] = []
        var complaints: [Complaint] = []
        var next = 0
        var level: Int?
        var taskEnd = 0
        for block in outline.blocks {
            while next < headings.count, headings[next].line < block.lines.lowerBound {
                let heading = headings[next]
                next += 1
                if let end = sections[heading.line] {
                    taskEnd = end
                    level = nil
                } else if heading.line < taskEnd {
                    continue
                } else if heading.level > 1, isTitle(heading.text, of: source) {
                    level = min(level ?? heading.level, heading.level)
                } else if heading.level <= level ?? 0 {
                    level = nil
                }
            }
            guard level != nil else { continue }
            if let command = CommandBlock(block, of: source) {
                commands.append(command)
            } else if let complaint = CommandBlock.complaint(about: block, ofCheck: "the milestone", of: source) {
                complaints.append(complaint)
            }
        }
        return (commands, complaints)
    }
}
