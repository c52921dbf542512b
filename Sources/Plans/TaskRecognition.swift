/// Decides which headers are those of tasks.
///
/// 1. A header with the word Task and an id is one: `## Task 1.1: Title`, `### TASK-2.1 Title`. Not so the first `#` header
///    of the file if deeper task headers follow it: that is the title of the plan.
/// 2. A header with a bare id (`#### 1.1: Title`, `### 3: Title`, `1.1.1 Title`, `3a.1`, `A.1`) is one if its own text, up
///    to the next header of its level or above or the next header with an id, has labels of a task:
///    - with a colon, or with two parts and more (`1.1`): acceptance criteria, or a file together with a type, description or dependency;
///    - with a colon, and in a plan without any header of the first kind: any one of these labels;
///    - one part and no colon (`## 1. Introduction`): acceptance criteria together with one of the others;
///    - below a task of the first kind (`### 1.1.1` under `## Task 1.1`): acceptance criteria and two parts.
///    In a plan without headers of the first kind, its siblings (same level, same number of parts, colon alike) are tasks
///    as well if more than half of them are by their own labels. A single number with no colon has no siblings, and a
///    number of four digits is a year.
/// 3. Only if there is none of either kind: lines that are wholly bold, `**Task 1.1: Title**`.
///
/// A header whose title is itself a label (`## 5. Acceptance Criteria`) or an end-to-end section is never a task.
struct TaskRecognition {
    /// A header of a task.
    struct Found {
        let heading: Heading
        let task: TaskHeading
        /// The lines of its section, header included.
        var lines: Range<Int>
    }

    /// All headers in order, bold ones too if those are the tasks.
    private(set) var headings: [Heading]
    private(set) var found: [Found] = []

    private let source: SourceText
    private let outline: Outline

    init(headings: [Heading], outline: Outline, source: SourceText) {
        self.headings = headings
        self.outline = outline
        self.source = source
        var candidates = self.candidates()
        let named = candidates.count { $0.task.hasWord }
        if named > 1, let first = candidates.first, first.heading.level == 1,
            first.heading.line == headings.first?.line,
            candidates.dropFirst().contains(where: { $0.task.hasWord && $0.heading.level > 1 })
        {
            candidates.removeFirst()
        }
        found = named == candidates.count ? candidates : recognised(among: candidates, hasNamed: named > 0)
        if found.isEmpty { useBoldLines() }
        found = withSections(found)
    }

    /// All headers that have an id, each with the lines up to the next of them or the next header of its level or above.
    private func candidates() -> [Found] {
        var result: [Found] = []
        for heading in headings {
            guard let task = TaskHeading(heading.text, of: source) else { continue }
            if !task.hasWord {
                let isLabel = LabelName.kind(heading.text, of: source) != .unknown
                guard !isLabel, !EndToEnd.isTitle(heading.text, of: source) else { continue }
            }
            result.append(Found(heading: heading, task: task, lines: heading.line..<heading.endLine))
        }
        return withSections(result)
    }

    /// Gives each header its section: up to the next task header, the next header of its level or above, or the
    /// milestone's verification.
    private func withSections(_ tasks: [Found]) -> [Found] {
        var result = tasks
        var next = 0
        for index in result.indices {
            let limit = index + 1 < result.count ? result[index + 1].heading.line : source.lineCount
            var end = limit
            while next < headings.count, headings[next].line <= result[index].heading.line { next += 1 }
            while next < headings.count, headings[next].line < limit {
                if headings[next].level <= result[index].heading.level
                    || EndToEnd.isMilestoneTitle(headings[next].text, of: source)
                {
                    end = headings[next].line
                    break
                }
                next += 1
            }
            result[index].lines = result[index].heading.line..<end
        }
        return result
    }

    /// What all lines that are wholly bold and name a task add, if there are no other tasks.
    private mutating func useBoldLines() {
        var lines: [Found] = []
        for line in 0..<source.lineCount where !outline.isHidden[line] && source.indentation(line).columns <= 3 {
            let text = source.text(line)
            guard text.count > 8, source.starts(with: "**", at: text.lowerBound),
                source.startsWithTask(at: text.lowerBound + 2),
                source.starts(with: "**", at: text.upperBound - 2),
                let task = TaskHeading(text, of: source)
            else { continue }
            let heading = Heading(line: line, level: 7, text: text)
            lines.append(Found(heading: heading, task: task, lines: line..<(line + 1)))
        }
        guard !lines.isEmpty else { return }
        found = lines
        headings = (headings + lines.map(\.heading)).sorted { $0.line < $1.line }
    }
}

// MARK: - Bare ids

extension TaskRecognition {
    /// Headers that are alike; they are tasks together or not at all.
    private struct Kinship: Hashable {
        let level: Int
        let components: Int
        let hasColon: Bool

        init(_ candidate: Found) {
            level = candidate.heading.level
            components = candidate.task.components
            hasColon = candidate.task.hasColon
        }
    }

    private func recognised(among candidates: [Found], hasNamed: Bool) -> [Found] {
        var levelOfNamed: Int?
        var accepted: [Bool] = []
        var kin: [Kinship: (all: Int, tasks: Int)] = [:]
        var closings = headings[...]
        for candidate in candidates {
            while let heading = closings.first, heading.line < candidate.heading.line {
                if let level = levelOfNamed, heading.level < level { levelOfNamed = nil }
                closings.removeFirst()
            }
            if candidate.task.hasWord {
                levelOfNamed = candidate.heading.level
                accepted.append(true)
                continue
            }
            let isBelowNamed = levelOfNamed.map { candidate.heading.level > $0 } ?? false
            let labels = Evidence(candidate, headings: closings, outline: outline, source: source)
            let isTask = labels.prove(candidate.task, isBelowNamed: isBelowNamed, hasNamed: hasNamed)
            accepted.append(isTask)
            let count = kin[Kinship(candidate), default: (0, 0)]
            kin[Kinship(candidate)] = (count.all + 1, count.tasks + (isTask ? 1 : 0))
        }
        return zip(candidates, accepted).compactMap { candidate, isAccepted in
            guard !isAccepted, !hasNamed, candidate.task.components > 1 || candidate.task.hasColon else {
                return isAccepted ? candidate : nil
            }
            let count = kin[Kinship(candidate), default: (0, 0)]
            return count.tasks * 2 > count.all ? candidate : nil
        }
    }
}

/// The labels of a task that stand in the text of a header with a bare id.
private struct Evidence {
    private var hasCriteria = false
    private var hasFiles = false
    private var hasOther = false

    init(_ candidate: TaskRecognition.Found, headings: ArraySlice<Heading>, outline: Outline, source: SourceText) {
        for line in candidate.heading.endLine..<max(candidate.lines.upperBound, candidate.heading.endLine)
        where !outline.isHidden[line] {
            if let label = Label(line: line, of: source) { take(label.kind) }
        }
        for heading in headings where heading.line > candidate.heading.line {
            guard heading.line < candidate.lines.upperBound else { break }
            take(LabelName.kind(heading.text, of: source))
        }
    }

    private mutating func take(_ kind: Label.Kind) {
        switch kind {
        case .criteria: hasCriteria = true
        case .files: hasFiles = true
        case .type, .description, .dependsOn: hasOther = true
        case .success, .prerequisites, .verification, .known, .unknown: break
        }
    }

    func prove(_ task: TaskHeading, isBelowNamed: Bool, hasNamed: Bool) -> Bool {
        if isBelowNamed { return hasCriteria && task.components > 1 }
        if !task.hasColon && task.components == 1 { return hasCriteria && (hasFiles || hasOther) }
        if hasCriteria || (hasFiles && hasOther) { return true }
        return task.hasColon && !hasNamed && (hasFiles || hasOther)
    }
}
