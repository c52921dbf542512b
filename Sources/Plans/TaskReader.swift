/// Reads the section of one task: its labels and what stands under them.
struct TaskReader {
    /// What the lines under the cursor belong to.
    private enum Place {
        case beforeLabels
        case criteria
        case files
        case dependencies(allowsBare: Bool)
        /// Below a label, or below a header of this level.
        case verification(level: Int?)
        case elsewhere
    }

    private let found: TaskRecognition.Found
    private let source: SourceText
    private var place = Place.beforeLabels
    private var collector = CriteriaCollector(labelIndent: nil)
    /// Which label the collector works for, and how deep its header is if it is one.
    private var collected = Label.Kind.unknown
    private var labelLevel: Int?
    private var hasSubgroups = false
    private var criteria: [PlanTask.Criterion] = []
    private var successCriteria: [PlanTask.Criterion] = []
    private var boxes: [PlanTask.Criterion] = []
    private var hasCriteriaLabel = false
    private var emptyLines: [Int] = []
    private var files = FileList()
    private var dependencies = DependencyList()
    private var commands: CommandCollector
    private var type: String?
    private var description: Range<Int>?
    private var descriptionStart: Int?

    private init(_ found: TaskRecognition.Found, source: SourceText) {
        self.found = found
        self.source = source
        self.commands = CommandCollector(id: found.task.id)
        self.descriptionStart =
            found.heading.endLine < source.lineCount ? source.content(found.heading.endLine).lowerBound : nil
    }

    /// What a task says, and what is wrong with it apart from its place among the others.
    struct Result {
        let task: PlanTask
        let dependencies: [DependencyList.Dependency]
        let complaints: [Complaint]
    }

    /// Reads a task whose section is given.
    ///
    /// `headings` are the headers and `blocks` the fenced blocks from there on.
    static func read(
        _ found: TaskRecognition.Found,
        headings: ArraySlice<Heading>,
        blocks: ArraySlice<CodeBlock>,
        outline: Outline,
        source: SourceText
    ) -> Result {
        var reader = TaskReader(found, source: source)
        var headings = headings
        var blocks = blocks
        var line = found.heading.endLine
        while line < found.lines.upperBound {
            if let block = blocks.first, block.lines.lowerBound == line {
                reader.visit(block)
                blocks.removeFirst()
                line = block.lines.upperBound
            } else if outline.isHidden[line] {
                line += 1
            } else if let heading = headings.first, heading.line == line {
                reader.visit(heading)
                headings.removeFirst()
                line = heading.endLine
            } else {
                reader.visit(line)
                line += 1
            }
        }
        return reader.finish()
    }

    private mutating func visit(_ block: CodeBlock) {
        if case .verification = place { commands.take(block, of: source) }
    }

    private mutating func visit(_ heading: Heading) {
        endDescription(before: heading.line)
        var kind = LabelName.kind(heading.text, of: source)
        if kind == .unknown, EndToEnd.isTitle(heading.text, of: source) { kind = .verification }
        if kind == .unknown {
            if case .criteria = place, let labelLevel, heading.level > labelLevel { return }
            if case .verification(let level?) = place, heading.level > level { return commands.end() }
            leave(for: .elsewhere)
        } else {
            let end = source.content(heading.endLine - 1).upperBound
            begin(Label(kind: kind, form: .heading(level: heading.level), value: end..<end), line: heading.endLine - 1)
        }
    }

    private mutating func visit(_ line: Int) {
        if let label = Label(line: line, of: source), counts(label, line: line) {
            endDescription(before: line)
            begin(label, line: line)
            return
        }
        if isRule(line) {
            endDescription(before: line)
            leave(for: .elsewhere)
            return
        }
        switch place {
        case .criteria:
            if !collector.take(line, of: source) { leave(for: .elsewhere) }
        case .files: files.take(line, of: source)
        case .dependencies(let allowsBare):
            if let marker = ListMarker(line: line, of: source) {
                let end = source.text(line).upperBound
                dependencies.take(min(marker.textStart, end)..<end, line: line, allowsBare: allowsBare, of: source)
            }
        case .beforeLabels:
            if ListMarker(line: line, of: source)?.isChecked != nil || !collector.isEmpty {
                _ = collector.take(line, of: source)
            }
        case .verification:
            if !commands.take(line, of: source) { leave(for: .elsewhere) }
        case .elsewhere: break
        }
    }

    /// Whether a label is one where it stands; within criteria it may be the text of one.
    private mutating func counts(_ label: Label, line: Int) -> Bool {
        if case .verification(_?) = place, label.kind == .unknown { return false }
        guard case .criteria = place else { return label.kind != .unknown || label.isBold }
        switch label.form {
        case .heading: return true
        case .plain: return !collector.isWithinItem
        case .listItem(let indent): return collector.labelIndent.map { indent <= $0 } ?? false
        case .bold:
            guard label.kind == .unknown, labelLevel != nil || hasSubgroups || collector.isEmpty, label.value.isEmpty
            else { return !collector.isWithinItem || source.indentation(line).columns < 2 }
            hasSubgroups = true
            return false
        }
    }

    /// A line of three or more dashes, stars or underscores.
    private func isRule(_ line: Int) -> Bool {
        let text = source.text(line)
        guard text.count >= 3, source.indentation(line).columns <= 3 else { return false }
        let byte = source.bytes[text.lowerBound]
        guard byte == Byte.dash || byte == Byte.star || byte == Byte.underscore else { return false }
        return source.bytes[text].allSatisfy { $0 == byte || $0.isBlank }
            && source.bytes[text].lazy.filter { $0 == byte }.count >= 3
    }
}

// MARK: - Labels

extension TaskReader {
    private mutating func begin(_ label: Label, line: Int) {
        leave(for: .elsewhere)
        switch label.kind {
        case .criteria, .success:
            place = .criteria
            collected = label.kind
            labelLevel = nil
            hasSubgroups = false
            var indent: Int?
            if case .listItem(let columns) = label.form { indent = columns }
            if case .heading(let level) = label.form { labelLevel = level }
            collector = CriteriaCollector(labelIndent: indent)
            collector.takeValue(label.value, line: line, of: source)
        case .files:
            place = .files
            files.begin()
            files.takeValue(label.value, of: source)
        case .dependsOn, .prerequisites:
            let allowsBare = label.kind == .dependsOn
            place = .dependencies(allowsBare: allowsBare)
            dependencies.take(label.value, line: line, allowsBare: allowsBare, of: source)
        case .type:
            let text = source.bytes[label.value].filter { $0 != Byte.backtick && $0 != Byte.star }
            if type == nil, !text.isEmpty { type = String(decoding: text, as: UTF8.self) }
        case .description:
            descriptionStart = label.value.lowerBound
            description = nil
        case .verification:
            var level: Int?
            if case .heading(let depth) = label.form { level = depth }
            place = .verification(level: level)
            commands.begin(label, line: line, of: source)
        case .known, .unknown: break
        }
    }

    /// Ends what the cursor is in.
    private mutating func leave(for next: Place) {
        switch place {
        case .beforeLabels:
            boxes = collector.criteria().criteria
        case .criteria:
            let (read, empty) = collector.criteria()
            emptyLines += empty
            if collected == .criteria {
                hasCriteriaLabel = true
                criteria += read
            } else {
                successCriteria += read
            }
        case .verification: commands.end()
        case .files, .dependencies, .elsewhere: break
        }
        collector = CriteriaCollector(labelIndent: nil)
        place = next
    }

    /// The description goes to the next label, header or rule; the first text before all labels counts if none is labelled.
    private mutating func endDescription(before line: Int) {
        guard let start = descriptionStart else { return }
        let end = source.content(line).lowerBound
        description = source.trimmed(min(start, end)..<end)
        descriptionStart = nil
    }

    private mutating func finish() -> Result {
        leave(for: .elsewhere)
        let end = source.content(found.lines).upperBound
        if let start = descriptionStart { description = source.trimmed(min(start, end)..<end) }
        var all = criteria
        if !hasCriteriaLabel || all.isEmpty { all = successCriteria.isEmpty ? boxes : successCriteria }
        let id = found.task.id
        let task = PlanTask(
            id: id,
            title: found.task.title.isEmpty ? "Task \(id)" : found.task.title,
            description: description.map(source.string) ?? "",
            files: files.paths,
            type: type,
            criteria: all.map { $0.checked(files: files.paths) },
            dependsOn: dependencies.dependencies.map(\.id),
            verification: commands.commands,
            line: found.heading.line + 1,
            section: source.string(source.trimmed(source.content(found.lines)))
        )
        return Result(task: task, dependencies: dependencies.dependencies, complaints: complaints(about: task))
    }

    private func complaints(about task: PlanTask) -> [Complaint] {
        var result = emptyLines.map {
            Complaint(
                line: $0,
                message: "This criterion of task \(task.id) is empty; write it or remove the line.",
                severity: .warning
            )
        }
        if task.criteria.isEmpty {
            let message =
                hasCriteriaLabel
                ? "Task \(task.id) has a label for acceptance criteria but no criteria below it; list them as \"- [ ] …\"."
                : "Task \(task.id) has no acceptance criteria; list them as \"- [ ] …\" below \"**Acceptance Criteria:**\"."
            result.append(Complaint(line: task.line, message: message, severity: .warning))
        }
        return result + commands.complaints
    }
}
