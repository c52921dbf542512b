import Testing

@testable import Plans

/// A plan read from text.
func plan(_ text: String, file: String = "plan.md") -> Plan { Plan(parsing: Array(text.utf8), file: file) }

@Suite("Which headers are tasks")
struct TaskRecognitionTests {
    @Test(
        "Headers with the word Task",
        arguments: [
            ("## Task 1.1: Title", "1.1", "Title"), ("### Task 1.1: Title", "1.1", "Title"),
            ("## Task 1.1 Title", "1.1", "Title"), ("## Task 1.1", "1.1", "Task 1.1"),
            ("### TASK-2.1: Title", "2.1", "Title"), ("## task 3 - Title", "3", "Title"),
            ("## Task 1.1 — Title", "1.1", "Title"), ("## Task 2.5.1: Title", "2.5.1", "Title"),
            ("## Task 3a.2: Title", "3a.2", "Title"), ("## Task A.1: Title", "A.1", "Title"),
            ("## Task A: Title", "A", "Title"), ("## Task M2-01: Title", "M2-01", "Title"),
            ("## Task 1.1: Title ##", "1.1", "Title"), ("## **Task 1.1: Title**", "1.1", "Title"),
            ("## **Task 1.1:** Title", "1.1", "Title"), ("## ✅ Task 1.1: Title", "1.1", "Title"),
            ("## [x] Task 1.1: Title", "1.1", "Title"), ("## [Task 1.1: Title](a.md)", "1.1", "Title"),
            ("## [Task 1.1](a.md): Title", "1.1", "Title"), ("## Task 1.1: Title {#t11}", "1.1", "Title"),
            ("## Task 1.1: Use `a: b` — now", "1.1", "Use `a: b` — now"), ("##Task 1.1: Title", "1.1", "Title"),
            ("## Task 1.1: See [this](b.md) too", "1.1", "See this too"), ("   ## Task 1.1: Title", "1.1", "Title"),
            ("Task 1.1: Title\n====", "1.1", "Title"), ("Task 1.1: Title\n---", "1.1", "Title"),
            ("**Task 1.1: Title**", "1.1", "Title"), ("## Task #4: Title", "4", "Title"),
        ]
    )
    func named(header: String, id: String, title: String) {
        let tasks = plan("# Plan\n\n\(header)\n\n- [ ] a\n").tasks
        #expect(tasks.map(\.id) == [id])
        #expect(tasks.map(\.title) == [title])
        #expect(tasks.map(\.line) == [3])
        #expect(tasks.map(\.criteria.count) == [1])
    }

    @Test(
        "Headers with a bare id and the labels of a task",
        arguments: [
            ("#### 1.1: Title", "1.1"), ("### 3: Title", "3"), ("### 1.1.1 Title", "1.1.1"), ("### 3a.2 Title", "3a.2"),
            ("## A.1 Title", "A.1"), ("### **1.2** Title", "1.2"), ("### 🚀 1.2: Title", "1.2"),
        ]
    )
    func bare(header: String, id: String) {
        let tasks = plan("# Plan\n\n\(header)\n\n**Acceptance Criteria:**\n- [ ] a\n").tasks
        #expect(tasks.map(\.id) == [id])
        #expect(tasks.map(\.title) == ["Title"])
    }

    @Test(
        "Headers that are no tasks",
        arguments: [
            "## 1. Introduction", "### 2024: A year", "## 1.1 Background", "## Tasks", "## Tasks 1-3", "## Task List",
            "## Task 1.1-1.3: Range", "## Task 1st of all", "## Subtask 1.1: No", "## v1.2: Release",
            "## M1: Milestone",
            "> ## Task 1.1: Quoted", "\n    ## Task 1.1: Code", "```\n## Task 1.1: Example\n```",
            "~~~\n## Task 1.1: Example\n~~~", "<!--\n## Task 1.1: Gone\n-->", "<!-- ## Task 1.1: Gone -->",
            "- **Task 1.1: Mentioned**", "| Task 1.1: Cell |", "Task 1.1: Only text",
            "## 5. Acceptance Criteria\n- [ ] a", "####### Task 1.1: Seven marks",
        ]
    )
    func none(text: String) {
        let plan = plan("# Plan\n\n\(text)\n")
        #expect(plan.tasks.map(\.id) == [])
        #expect(!plan.isRunnable)
        #expect(plan.complaints.last?.severity == .error || plan.complaints.first?.severity == .error)
    }

    @Test("Siblings of bare headers with labels are tasks, prose beside them is not")
    func siblings() {
        let label = "\n**Acceptance Criteria:**\n- [ ] a\n"
        let text = "## 1. Introduction\n### 1.1: A\(label)### 1.2: B\(label)### 1.3: C\n## 2. End\n### 2024: Year\n"
        #expect(plan(text).tasks.map(\.id) == ["1.1", "1.2", "1.3"])
    }

    @Test("Steps below a task are part of it, unless they have criteria of their own")
    func steps() {
        let text =
            "## Task 1.1: A\n### 1. Step\n- [ ] a\n### 1.1.1 Sub\n**Acceptance Criteria:**\n- [ ] b\n## Task 1.2: B\n"
        #expect(plan(text).tasks.map(\.id) == ["1.1", "1.1.1", "1.2"])
    }

    @Test("The first header of a file is its title if deeper headers are tasks")
    func titleWithID() {
        #expect(plan("# Task 4: All\n## Task 4.1: A\n## Task 4.2: B\n").tasks.map(\.id) == ["4.1", "4.2"])
        #expect(plan("# Task 4: All\n").tasks.map(\.id) == ["4"])
    }

    @Test("A section ends at the next task or at a header of its level or above")
    func sections() {
        let text = "## Task 1.1: A\n### Notes\nx\n### Task 1.2: B\ny\n\n## Summary\nz\n"
        #expect(plan(text).tasks.map(\.section) == ["## Task 1.1: A\n### Notes\nx", "### Task 1.2: B\ny"])
    }

    @Test(
        "The milestone comes from the first header, else from the file's name",
        arguments: [
            ("# Milestone 2: Title", "M2", "Title"), ("# M2 Title", "M2", "Title"), ("# M2: Title", "M2", "Title"),
            ("# Milestone 4.5: Title", "M4.5", "Title"), ("# Milestone M3 — Title", "M3", "Title"),
            ("# Milestone: Title", "stem", "Milestone: Title"), ("# Making it", "stem", "Making it"),
            ("No header", "stem", "stem"), ("Milestone 2: Title\n===", "M2", "Title"),
            ("---\ndesign: a\n---\n\n# Milestone 2: Title", "M2", "Title"), ("\u{FEFF}# M2 Title", "M2", "Title"),
        ]
    )
    func milestone(text: String, id: String, title: String) {
        let milestone = plan(text + "\n", file: "a/b.c/stem.md").milestone
        #expect(milestone.id == id && milestone.title == title)
    }
}
