/// A Markdown milestone plan: its tasks and everything that is wrong with it.
///
/// Reading is total: no input makes it fail or trap, and time grows with the length of the input. What counts as a task is
/// told at ``TaskRecognition``, which fences hide examples at ``FencePairing``.
package struct Plan: Sendable, Equatable {
    /// The path that was given; it is not opened.
    package let file: String
    /// The SHA-256 of the file's bytes as 64 lower-case hexadecimal digits.
    package let contentHash: String
    package let milestone: Milestone
    /// The tasks in the order of the file; with duplicate ids, all of them.
    package let tasks: [PlanTask]
    /// What is wrong, in the order of the lines.
    package let complaints: [Complaint]
    /// The shell blocks of the milestone's own end-to-end sections; those of a task are its ``PlanTask/verification``.
    package let endToEnd: [CommandBlock]

    /// Reads a plan; broken UTF-8 becomes U+FFFD and a warning.
    package init(parsing markdown: [UInt8], file: String) {
        let source = SourceText(markdown)
        let outline = Outline(of: source)
        let recognition = TaskRecognition(
            headings: Heading.all(in: source, outline: outline),
            outline: outline,
            source: source
        )
        var complaints = outline.complaints
        var tasks: [PlanTask] = []
        var dependencies: [[DependencyList.Dependency]] = []
        var headings = recognition.headings[...]
        var blocks = outline.blocks[...]
        for found in recognition.found {
            headings = headings.drop { $0.line <= found.heading.line }
            blocks = blocks.drop { $0.lines.lowerBound <= found.heading.line }
            let result = TaskReader.read(
                found,
                headings: headings,
                blocks: blocks,
                outline: outline,
                source: source
            )
            tasks.append(result.task)
            dependencies.append(result.dependencies)
            complaints += result.complaints
        }
        complaints += PlanChecks.complaints(tasks: tasks, dependencies: dependencies, source: source)
        complaints += PlanChecks.complaints(headings: recognition.headings, source: source)
        complaints += PlanChecks.complaints(hidden: outline.blocks, tasks: tasks, source: source)
        let endToEnd = EndToEnd.read(recognition: recognition, outline: outline, source: source)
        complaints += endToEnd.complaints
        let title = recognition.headings.first { $0.level == 1 }
        self.file = file
        self.contentHash = SHA256.hexDigest(of: markdown)
        self.milestone = Milestone(heading: title, file: file, of: source)
        self.tasks = tasks
        self.complaints = complaints.sorted { $0.line < $1.line }
        self.endToEnd = endToEnd.commands
    }

    /// The task with an id such as `1.1`; the first one where ids are not unique.
    package func task(_ id: String) -> PlanTask? { tasks.first { $0.id == id } }

    /// False if a complaint is an error: the plan must not be run as it stands.
    package var isRunnable: Bool { !complaints.contains { $0.severity == .error } }
}
