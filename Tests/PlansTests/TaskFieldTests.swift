import Testing

@testable import Plans

@Suite("What a task says")
struct TaskFieldTests {
    /// The criteria of a task with the given body.
    func criteria(_ body: String) -> [String] {
        plan("## Task 1.1: A\n\n\(body)\n").tasks.first?.criteria.map(\.text) ?? ["no task"]
    }

    @Test(
        "Every spelling of the label",
        arguments: [
            "**Acceptance Criteria:**", "**Acceptance Criteria**:", "**Acceptance Criteria**",
            "__Acceptance Criteria:__",
            "*Acceptance Criteria:*", "Acceptance Criteria:", "### Acceptance Criteria", "#### ✅ Acceptance Criteria:",
            "**ACCEPTANCE CRITERIA:**", "**✅ Acceptance Criteria:**", "**Acceptance Criteria (all of them):**",
            "**Acceptance Criteria:**  \t", "**Success Criteria:**", "**Acceptance Criteria for Task 1.1:**",
            "**Type:** CODING\n**Acceptance Criteria:**", "**Acceptance Criteria:**\n\nAll of these:\n",
            "**Acceptance Criteria:**\n\n**Functional:**\n",
        ]
    )
    func labels(label: String) {
        #expect(criteria("\(label)\n- [ ] One\n- [x] Two\n\n**Notes:**\n- [ ] Not this") == ["One", "Two"])
    }

    @Test(
        "Every form of a criterion",
        arguments: [
            ("- [ ] a\n- [x] b", ["a", "b"]), ("* [ ] a\n+ [X] b", ["a", "b"]), ("- a\n- b", ["a", "b"]),
            ("1. a\n2) b", ["a", "b"]), ("- [ ] a\n  goes on\n- [ ] b", ["a goes on", "b"]),
            ("- [ ] a\ngoes on\n\n- [ ] b", ["a goes on", "b"]), ("- [ ] a\n  - [ ] b", ["a", "b"]),
            ("- a:\n  - b\n  - c", ["a: b; c"]), ("- [ ] a\n\n      more\n- [ ] b", ["a more", "b"]),
            ("- [ ] a\n  ```bash\n  - [ ] no\n  ```\n- [ ] b", ["a", "b"]), ("It simply\nworks.", ["It simply works."]),
            ("| A | B |\n|---|---|\n| a | b |", ["a | b"]), ("- [ ] a\n---\n- [ ] no", ["a"]),
            ("- [ ] `a` **b**  ", ["`a` **b**"]), ("- [ ]\n- [ ] b", ["b"]), ("    - [ ] a", ["a"]),
            ("- [ ] a\n<!-- - [ ] no -->\n- [ ] b", ["a", "b"]),
            ("- **Type:** safe\n- **Speed:** x", ["**Type:** safe", "**Speed:** x"]),
        ]
    )
    func forms(list: String, texts: [String]) {
        #expect(criteria("**Acceptance Criteria:**\n\(list)") == texts)
    }

    @Test("Without a label, check boxes before the first label are the criteria")
    func boxes() {
        #expect(criteria("Words.\n\n- [ ] a\n- [x] b\n\n**Deliverables:**\n- [ ] no") == ["a", "b"])
        #expect(criteria("**Success Criteria:**\n- [ ] no\n\n**Acceptance Criteria:**\n- [ ] a") == ["a"])
    }

    @Test(
        "Every spelling of files",
        arguments: [
            ("**File:** `a.py`", ["a.py"]), ("**File**: a.py", ["a.py"]),
            ("**File(s):** `a.py`, `b.py`", ["a.py", "b.py"]),
            ("**Files:**\n- `a.py`\n- `b.py` (add `x`)", ["a.py", "b.py"]),
            ("**Files:** a.py (new), b.py", ["a.py", "b.py"]),
            ("**Files to modify/create:**\n\n* Create: `a.py`\n* b.py — new", ["a.py", "b.py"]),
            ("**Files to Create:** `a.py`\n**Files to Modify:** `b.py`", ["a.py", "b.py"]), ("**File:** None", []),
            ("**Files**: Create 3 new files", []), ("- **File**: `a.py`", ["a.py"]),
            ("#### Files\n- [a.py](a.py)", ["a.py"]),
            ("**Files:** `a.py`, tests", ["a.py"]), ("**File:** `a.py", []), ("File: a.py", ["a.py"]),
        ]
    )
    func files(text: String, paths: [String]) {
        #expect(plan("## Task 1.1: A\n\n\(text)\n").tasks.first?.files == paths)
    }

    @Test(
        "Every spelling of dependencies",
        arguments: [
            ("**Depends on:** Task 1.1", ["1.1"]), ("**Depends on:** 1.1, 1.2", ["1.1", "1.2"]),
            ("**Depends on**: Tasks 1.1 and 1.2", ["1.1", "1.2"]), ("**Dependencies:** TASK-1.1 (done)", ["1.1"]),
            ("**Depends on:**\n- Task 1.1\n- Task 1.2: something", ["1.1", "1.2"]), ("**Depends on:** None", []),
            ("**Dependencies:** Task 1.1 complete.", ["1.1"]), ("**Depends on:** None (parallel with Task 1.1)", []),
            ("**Prerequisites:** Python 3.12, Task 1.1", ["1.1"]), ("**Builds on:** M1", []),
            ("**Depends on:** 2 weeks, Python 3.12", []), ("**Depends on:** Phase 1 (Task 1.2)", ["1.2"]),
        ]
    )
    func dependencies(text: String, ids: [String]) {
        let plan = plan(
            "## Task 1.1: A\n- [ ] a\n## Task 1.2: B\n- [ ] b\n## Task 2: C\n\(text)\n\n**Acceptance Criteria:** x\n"
        )
        #expect(plan.task("2")?.dependsOn == ids)
        #expect(plan.complaints == [])
    }

    @Test(
        "The description is the text of its label, else the text before all labels",
        arguments: [
            ("**Description:**\nOne\n\n- two\n\n**Notes:** x", "One\n\n- two"),
            ("**Description:** One\ntwo", "One\ntwo"),
            ("#### Description\nOne", "One"), ("One\ntwo\n\n**File:** a", "One\ntwo"), ("**File:** a", ""),
            ("**Description**: `x`\n\n```swift\nlet a = 1\n```", "`x`\n\n```swift\nlet a = 1\n```"),
        ]
    )
    func description(text: String, description: String) {
        #expect(plan("## Task 1.1: A\n\n\(text)\n").tasks.first?.description == description)
    }

    @Test("Windows line ends, old Mac ones, a byte order mark and trailing spaces change nothing")
    func lineEnds() throws {
        let bytes = try Fixture.bytes("milestone-2.md")
        let expected = Plan(parsing: bytes, file: "a.md")
        let windows =
            [0xEF, 0xBB, 0xBF] + bytes.flatMap { (byte: UInt8) -> [UInt8] in byte == 0x0A ? [0x0D, 0x0A] : [byte] }
        let mac = bytes.map { (byte: UInt8) -> UInt8 in byte == 0x0A ? 0x0D : byte }
        for other in [Plan(parsing: windows, file: "a.md"), Plan(parsing: mac, file: "a.md")] {
            #expect(other.tasks == expected.tasks)
            #expect(other.milestone == expected.milestone)
            #expect(other.complaints == expected.complaints)
            #expect(other.endToEnd == expected.endToEnd)
        }
        let spaced = bytes.flatMap { (byte: UInt8) -> [UInt8] in byte == 0x0A ? [0x20, 0x09, 0x0A] : [byte] }
        let plan = Plan(parsing: spaced, file: "a.md")
        #expect(plan.tasks.map(\.criteria) == expected.tasks.map(\.criteria))
        #expect(plan.tasks.map(\.files) == expected.tasks.map(\.files))
    }
}
