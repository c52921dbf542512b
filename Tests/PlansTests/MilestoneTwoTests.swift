import Testing

@testable import Plans

@Suite("The milestone document of this project")
struct MilestoneTwoTests {
    let plan: Plan

    init() throws {
        plan = Plan(parsing: try Fixture.bytes("milestone-2.md"), file: "plans/milestone-2.md")
    }

    @Test("It has exactly nine tasks, each with its criteria")
    func tasks() {
        #expect(plan.tasks.map(\.id) == ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9"])
        #expect(plan.tasks.map(\.criteria.count) == [3, 3, 3, 5, 4, 5, 4, 4, 3])
        #expect(plan.complaints == [])
        let title = "Single Task Execution + Telemetry"
        #expect(plan.milestone == Milestone(id: "M2", title: title, heading: "Milestone 2: " + title))
    }

    @Test("The fields of its tasks are read")
    func fields() throws {
        let first = try #require(plan.task("2.1"))
        #expect(first.title == "Create Orchestrator Package Structure")
        #expect(
            first.files == [
                "orchestrator/__init__.py", "orchestrator/__main__.py", "orchestrator/py.typed", "pyproject.toml",
            ]
        )
        #expect(first.type == "CODING")
        #expect(first.description == "Set up the orchestrator as a Python package with entry point.")
        #expect(first.criteria[0].text == "`uv run orchestrator --help` works")
        #expect(first.line == 48)
    }

    @Test("The section of its last task holds the nested example whole")
    func nestedFences() throws {
        let last = try #require(plan.task("2.9"))
        #expect(last.criteria.map(\.text).last == "E2E test section is present")
        #expect(last.section.hasPrefix("### Task 2.9: Create Test Plans\n"))
        #expect(last.section.hasSuffix("- [ ] E2E test section is present\n\n---"))
    }

    @Test("Of its criteria one is a command that must work; none of its tasks has commands of its own")
    func checks() {
        let checks = plan.tasks.flatMap(\.criteria).compactMap(\.check)
        #expect(checks == [.succeeds(command: "uv run orchestrator --help", code: 0)])
        #expect(plan.tasks.allSatisfy { $0.verification.isEmpty })
    }

    @Test("Its end-to-end commands are those of the scenario and of the verification")
    func endToEnd() {
        #expect(plan.endToEnd.count == 3)
        #expect(plan.endToEnd.first?.line == 17)
        #expect(plan.endToEnd.first?.text.hasPrefix("# 1. Ensure sandbox is running\n") == true)
        #expect(plan.endToEnd.last?.text.hasSuffix("cat /workspace/orchestrator/health.py") == true)
    }
}
