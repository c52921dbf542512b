import Testing

@testable import Plans

@Suite("What is wrong with a plan")
struct ComplaintTests {
    @Test("Two tasks with one id are an error that names both lines")
    func duplicates() {
        let plan = plan("# M1\n\n## Task 1.1: A\n- [ ] a\n## Task 1.1: B\n- [ ] b\n")
        let message = "Task 1.1 is defined twice, at line 3 and line 5; rename one."
        #expect(plan.complaints == [Complaint(line: 5, message: message, severity: .error)])
        #expect(!plan.isRunnable)
        #expect(plan.tasks.count == 2)
        #expect(plan.task("1.1")?.title == "A")
    }

    @Test("Three tasks with one id are told once")
    func triplicates() {
        let messages = plan(String(repeating: "## Task 1.1: A\n- [ ] a\n", count: 3)).complaints.map(\.message)
        #expect(messages == ["Task 1.1 is defined 3 times, at line 1, line 3 and line 5; rename all but one."])
    }

    @Test("An empty plan is an error", arguments: ["", "\n", "# Title\n", "\u{FEFF}", "---\na: b\n---\n"])
    func empty(text: String) {
        #expect(plan(text).complaints.map(\.severity) == [.error])
        #expect(plan(text).complaints.map(\.line) == [1])
    }

    @Test("A task that depends on itself or on nothing is told at the line of the label")
    func dependencies() {
        let complaints = plan("## Task 1.1: A\n**Depends on:** 1.1, 9.9\n\n- [ ] a\n**Acceptance Criteria:** b\n")
            .complaints
        #expect(complaints.map(\.line) == [2, 2])
        #expect(complaints[0].message == "Task 1.1 depends on itself; correct the id or remove it.")
        #expect(complaints[1].message.hasPrefix("Task 1.1 depends on task 9.9, which is not in this plan;"))
    }

    @Test("A fence that is never closed hides neither the criteria nor the tasks behind it")
    func openFence() {
        let text =
            "## Task 1.1: A\n```python\nx\n\n**Acceptance Criteria:**\n- [ ] a\n## Task 1.2: B\n```sh\ny\n```\n- [ ] b\n"
        let plan = plan(text)
        #expect(plan.tasks.map { $0.criteria.map(\.text) } == [["a"], ["b"]])
        #expect(plan.complaints.map(\.line) == [2])
        #expect(plan.isRunnable)
    }

    @Test("An inner fence that takes the outer one's end does not swallow the next task")
    func stolenFence() {
        let plan = plan("## Task 1.1: A\n- [ ] a\n```markdown\n```bash\nx\n```\n## Task 1.2: B\n- [ ] b\n")
        #expect(plan.tasks.map(\.id) == ["1.1", "1.2"])
        #expect(plan.complaints.map(\.line) == [3])
    }

    @Test("A task header in a code block that no other task explains is told")
    func swallowed() {
        let plan = plan("## Task 1.1: A\n- [ ] a\n```sh\nx\n## Task 1.2: B\n```\n## Task 1.3: C\n- [ ] c\n")
        #expect(plan.tasks.map(\.id) == ["1.1", "1.3"])
        #expect(plan.complaints.map(\.line) == [5])
    }

    @Test("Broken UTF-8, a comment without end, a task without id and an empty criterion are warnings with their lines")
    func warnings() {
        var bytes = Array(
            "## Task 1.1: A\n- [ ] a\n\n**Acceptance Criteria:**\n- [ ] b\n- [ ]\n\n<!-- open\n## Task: B\n".utf8
        )
        bytes.append(0xFF)
        let plan = Plan(parsing: bytes, file: "a.md")
        #expect(plan.complaints.map(\.line) == [6, 8, 9, 10])
        #expect(plan.complaints.allSatisfy { $0.severity == .warning })
        #expect(plan.task("1.1")?.criteria.map(\.text) == ["b"])
    }

    @Test(
        "Fences close each other as their author meant",
        arguments: [
            "```a\n```b\n```\n```", "````md\n```\n````", "````md\n```a\n````", "~~~\n```\n~~~", "```\n~~~ a\n```",
            "- x\n    ```a\n    y\n    ```", "```a\n````b\n````\n```", "```\n```", "``` a`b", "~~~ a~b\n~~~",
        ]
    )
    func fences(text: String) {
        let plan = plan("## Task 1.1: A\n- [ ] a\n\n\(text)\n\n## Task 1.2: B\n- [ ] b\n")
        #expect(plan.tasks.map(\.id) == ["1.1", "1.2"])
        #expect(plan.complaints == [])
    }

    @Test(
        "End-to-end sections in every spelling",
        arguments: [
            "## E2E Test", "## e2e test scenario", "## MILESTONE VERIFICATION", "## E2E Test:", "## 🧪 E2E Tests",
            "### Milestone Verification",
            "\nE2E Test\n---",
        ]
    )
    func endToEnd(header: String) {
        let plan = plan(
            "## Task 1: A\n- [ ] a\n```bash\nno\n```\n\(header)\n\n```bash\nyes\n```\n# Next\n```bash\nno\n```\n"
        )
        #expect(plan.endToEnd.map(\.text) == ["yes"])
    }
}
