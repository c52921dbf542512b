/// What can be wrong with a plan as a whole.
enum PlanChecks {
    /// Duplicate ids, dependencies on tasks that do not exist, no tasks, broken UTF-8.
    static func complaints(
        tasks: [PlanTask],
        dependencies: [[DependencyList.Dependency]],
        source: SourceText
    ) -> [Complaint] {
        var result: [Complaint] = []
        var lines: [String: [Int]] = [:]
        for task in tasks { lines[task.id, default: []].append(task.line) }
        for task in tasks {
            guard let all = lines[task.id], all.count > 1, task.line == all[1] else { continue }
            let message = "Task \(task.id) is defined \(times(all)); rename \(all.count == 2 ? "one" : "all but one")."
            result.append(Complaint(line: task.line, message: message, severity: .error))
        }
        for (task, needed) in zip(tasks, dependencies) {
            for dependency in needed where lines[dependency.id] == nil || dependency.id == task.id {
                let problem = dependency.id == task.id ? "itself" : "task \(dependency.id), which is not in this plan"
                let message = "Task \(task.id) depends on \(problem); correct the id or remove it."
                result.append(Complaint(line: dependency.line, message: message, severity: .warning))
            }
        }
        if tasks.isEmpty {
            let message = "No task was found; a task starts with a header such as \"## Task 1.1: Title\"."
            result.append(Complaint(line: 1, message: message, severity: .error))
        }
        if let offset = source.firstBrokenCharacter {
            let line = source.line(containing: offset) + 1
            let message = "This line is not valid UTF-8 and is read with U+FFFD in its place; save the file as UTF-8."
            result.append(Complaint(line: line, message: message, severity: .warning))
        }
        return result
    }

    /// Headers that are meant as tasks but have no id.
    static func complaints(headings: [Heading], source: SourceText) -> [Complaint] {
        headings.compactMap { heading in
            guard heading.level > 1, TaskHeading.lacksID(heading.text, of: source) else { return nil }
            let message = "This header names a task without an id and is not read as one; write \"Task 1.1: …\"."
            return Complaint(line: heading.line + 1, message: message, severity: .warning)
        }
    }

    /// Task headers inside a block that is not Markdown, with an id that the other tasks leave out: most likely a fence
    /// that was never closed and then met the start of the next one.
    static func complaints(hidden blocks: [CodeBlock], tasks: [PlanTask], source: SourceText) -> [Complaint] {
        let ids = Set(tasks.map(\.id))
        let families = Set(tasks.map { family($0.id) })
        var result: [Complaint] = []
        for block in blocks where !["markdown", "md"].contains(block.language) {
            for line in block.lines {
                guard let heading = Heading(line: line, of: source), heading.level > 1,
                    let task = TaskHeading(heading.text, of: source), task.hasWord,
                    !ids.contains(task.id), families.contains(family(task.id))
                else { continue }
                let message =
                    "The header of task \(task.id) is inside the code block that starts at line "
                    + "\(block.lines.lowerBound + 1) and is not read; close the fence before it unless it is an example."
                result.append(Complaint(line: line + 1, message: message, severity: .warning))
                break
            }
        }
        return result
    }

    /// What stands before the last dot of an id.
    private static func family(_ id: String) -> String {
        id.lastIndex(of: ".").map { String(id[..<$0]) } ?? ""
    }

    /// "twice, at line 5 and line 20"; beyond ten lines the rest is only counted.
    private static func times(_ lines: [Int]) -> String {
        let count = lines.count == 2 ? "twice" : "\(lines.count) times"
        var named = lines.prefix(10).map { "line \($0)" }
        let last = lines.count > 10 ? "\(lines.count - 10) more" : named.removeLast()
        return "\(count), at \(named.joined(separator: ", ")) and \(last)"
    }
}
