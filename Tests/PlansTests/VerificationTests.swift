import Testing

@testable import Plans

@Suite("The commands that verify a task")
struct VerificationTests {
    /// The plan of a task with the given body between two others.
    private func read(_ body: String) -> Plan {
        plan("## Task 1: A\n- [ ] a\n\n## Task 2: B\n- [ ] b\n\n\(body)\n\n## Task 3: C\n- [ ] c\n")
    }

    private func commands(_ body: String) -> [String]? { read(body).task("2")?.verification.map(\.text) }

    @Test(
        "Every label and header",
        arguments: [
            "**Verify:**", "**Verify**:", "**Verification:**", "**Validation Commands:**", "**validation:**",
            "**E2E:**", "**E2E Test:**", "**E2E test (smoke):**", "**End-to-end scenario:**", "- **Verify:**",
            "Verify:",
            "### Verify", "### E2E Test", "#### ✅ Verification:", "### Validation Commands", "### End-to-End Test",
            "### E2E Test\n\nSome words.\n\n#### Step 1", "### Verification\n\n**Unit tests:**",
            "**Verify:** Run this:", "**Verify:**\n\nSome words.\n",
        ]
    )
    func labels(label: String) {
        let plan = read("\(label)\n\n```bash\nmake test\n```\n")
        #expect(plan.task("2")?.verification.map(\.text) == ["make test"])
        #expect(plan.tasks.map(\.verification.count) == [0, 1, 0])
        #expect(plan.endToEnd == [] && plan.complaints == [])
    }

    @Test(
        "What is no such label, or is behind its end",
        arguments: [
            "**Testing:**", "**Manual Verification:**", "Words.", "**Verify:**\n\n**Notes:**", "**Verify:**\n\n---",
            "### Verify\n\n### Notes", "**Implementation Notes:**", "**Verify:**\n\n**Expected:**",
            "Validation: inputs are positive", "```md\n### Verify\n```", "```md\n**Verify:**\n```",
            "<!--\n**Verify:**\n-->", "Words.\n\n    **Verify:**\n", "- **Verify:**\n- Other",
            "**Acceptance Criteria:**\n- [ ] b",
        ]
    )
    func otherLabels(label: String) {
        #expect(commands("\(label)\n\n```bash\nmake test\n```") == [])
    }

    @Test(
        "Every form of a command",
        arguments: [
            ("```bash\na b\n\nc\n```", ["a b\n\nc"]), ("```sh\na\n```\nwords\n~~~zsh\nb\n~~~", ["a", "b"]),
            ("```shell\n# only\n\n  # comments\n```", []), ("```bash\n```", []), ("```bash\n\n```", []),
            ("```python\na\n```", []), ("```json\n{}\n```\n```bash\na\n```", ["a"]),
            ("```bash\n# say\na\n```", ["# say\na"]), ("- `make test`\n- `npm test`.", ["make test", "npm test"]),
            ("1. `make test`\n   - [ ] `x --b`", ["make test", "x --b"]), ("- Run `make test`\n- `x y` twice", []),
            ("- `make test`\n  must fail\n- `make`", ["make"]), ("- `make test`\n\nMore.", ["make test"]),
            ("- `make test`\n  ```bash\n  if a; then\n    b\n  fi\n  ```", ["make test", "if a; then\n  b\nfi"]),
            ("```bash\n$ a b\nout\n$ c \\\n  d\nout\n```", ["a b\nc \\\n  d"]), ("```bash\n# x\n$ a\n```", ["a"]),
            ("```bash\necho $ a\n```", ["echo $ a"]), ("```markdown\n```bash\na\n```\n```", []),
            ("````bash\na <<X\n```\nX\n````", ["a <<X\n```\nX"]), ("`make test`", []),
            ("```bash title=\"x\"\na\n```", ["a"]),
            ("Expected output:\n```\nx\n```", []),
        ]
    )
    func forms(body: String, texts: [String]) {
        let plan = read("**Verify:**\n\(body)")
        #expect(plan.task("2")?.verification.map(\.text) == texts)
        #expect(plan.complaints == [])
    }

    @Test("Windows line ends change nothing")
    func lineEnds() {
        let text =
            "## Task 1: A\n- [ ] a\n\n**Verify:** `make test`\n```bash\n$ a \\\n  b\nout\n```\n### E2E Test\n- `x y`\n"
        let windows = Plan(parsing: text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }, file: "plan.md")
        #expect(windows.tasks == plan(text).tasks)
        #expect(windows.tasks.first?.verification.map(\.text) == ["make test", "a \\\n  b", "x y"])
    }

    @Test(
        "A value that is one code span",
        arguments: [
            ("**Verify:** `pytest -q`", ["pytest -q"]), ("Verify: `pytest -q`.", ["pytest -q"]),
            ("- **Verify:** `pytest -q`\n- `no more`", ["pytest -q"]), ("**Verify:** `x y` and `c d`", []),
            ("**Verify:** run `x y`", []), ("**Verify:** `x y`\nmust fail", []),
            ("**Verify:** `x y`\n- `c d`\n```bash\ne\n```", ["x y", "c d", "e"]),
        ]
    )
    func values(body: String, texts: [String]) {
        #expect(commands(body) == texts)
    }

    @Test("Every command has its line")
    func lines() {
        let task = read("**Verify:** `x y`\n- `c d`\n\n```bash\ne\n```").task("2")
        #expect(task?.verification.map(\.line) == [7, 8, 10])
    }

    @Test(
        "What its author may take for a command is told with its line",
        arguments: [
            ("```\na\n```", "has no language"), ("```console\n$ a\n```", "is marked console"),
            ("~~~\na\n~~~", "has no language"), ("```bash\na\n```\n```\nb\n```", "has no language"),
        ]
    )
    func unmarkedBlocks(body: String, reason: String) {
        for place in ["**Verify:**", "### E2E Test"] {
            let complaints = read("\(place)\n\(body)").complaints
            #expect(complaints.map(\.severity) == [.warning])
            #expect(complaints.first?.line == (body.hasPrefix("```bash") ? 11 : 8))
            #expect(
                complaints.first?.message.contains(" \(reason) and is not run to verify task 2; write ```bash ") == true
            )
        }
        let complaints = plan("## Task 1: A\n- [ ] a\n## E2E Test\n\(body)\n").complaints
        #expect(complaints.map(\.message).first?.contains("not run to verify the milestone;") == true)
    }

    @Test("A code span that is no command is told, not run", arguments: ["`GET /health`", "`run()`", "`tests/a.py`"])
    func unlikelyCommands(span: String) {
        let plan = read("**Verify:** \(span)")
        #expect(plan.task("2")?.verification == [])
        #expect(plan.complaints.map(\.line) == [7])
    }

    @Test("Unmarked blocks elsewhere, empty ones and those that announce output are not told")
    func silence() {
        #expect(
            read("```\na\n```\n\n**Verify:**\n```\n\n```\nIt should print:\n\n```\nx\n```\n**Notes:**\n```\ny\n```")
                .complaints == []
        )
    }
}

@Suite("Whose an end-to-end section is")
struct EndToEndTests {
    private let block = "```bash\nmake test\n```\n"

    @Test("Deeper than the task's header and in its section: the task's")
    func inside() {
        let plan = plan("## Task 1: A\n- [ ] a\n### E2E Test\n\(block)## Task 2: B\n- [ ] b\n### E2E Test\n\(block)")
        #expect(plan.tasks.map(\.verification.count) == [1, 1])
        #expect(plan.endToEnd == [])
        #expect(plan.tasks[0].section.hasSuffix("make test\n```"))
    }

    @Test("At the task's level or above, or before the tasks: the milestone's", arguments: ["##", "###"])
    func outside(level: String) {
        let plan = plan(
            "## E2E Test\n\(block)### Task 1: A\n- [ ] a\n### Task 2: B\n- [ ] b\n\(level) E2E Test\n\(block)### More\n\(block)"
        )
        #expect(plan.tasks.map(\.verification.count) == [0, 0])
        #expect(plan.endToEnd.count == (level == "##" ? 3 : 2))
    }

    @Test("What says that it is the milestone's always is, and ends the task's section")
    func milestone() {
        let plan = plan("## Task 1: A\n- [ ] a\n### Milestone Verification\n\(block)**Verify:**\n\(block)")
        #expect(plan.tasks.map(\.verification.count) == [0])
        #expect(plan.tasks[0].section == "## Task 1: A\n- [ ] a")
        #expect(plan.endToEnd.map(\.line) == [4, 8])
    }

    @Test("Below tasks in bold lines any end-to-end header is the milestone's")
    func bold() {
        let plan = plan("**Task 1: Abc**\n- [ ] a\n\n**Verify:**\n\(block)\n###### E2E Test\n\(block)")
        #expect(plan.tasks.map(\.verification.count) == [1])
        #expect(plan.endToEnd.count == 1)
    }

    @Test("Blocks with no command are none")
    func empty() {
        let plan = plan("## Task 1: A\n- [ ] a\n## E2E Test\n```bash\n# look at it\n```\n```bash\n```\n\(block)")
        #expect(plan.endToEnd.map(\.line) == [9])
    }
}
