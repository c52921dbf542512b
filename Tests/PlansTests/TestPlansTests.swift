import Testing

@testable import Plans

@Suite("The plans delivered as TestPlans")
struct TestPlansTests {
    @Test(
        "The plans for the three outcomes can be run and have no complaints",
        arguments: [
            ("hello_world", ["1.1"], [2]), ("health_check", ["1.1", "1.2", "1.3"], [3, 3, 2]),
            ("needs_human", ["1.1"], [2]), ("failed", ["1.1"], [2]),
        ]
    )
    func outcomes(name: String, ids: [String], criteria: [Int]) throws {
        let plan = Plan(parsing: try Fixture.testPlan("\(name).md"), file: "TestPlans/\(name).md")
        #expect(plan.tasks.map(\.id) == ids)
        #expect(plan.tasks.map(\.criteria.count) == criteria)
        #expect(plan.complaints == [])
        #expect(plan.milestone.id == name)
    }

    @Test("hello_world.md is the plan of the milestone document")
    func helloWorld() throws {
        let plan = Plan(parsing: try Fixture.testPlan("hello_world.md"), file: "hello_world.md")
        let task = try #require(plan.task("1.1"))
        #expect(task.title == "Create hello.py")
        #expect(task.files == ["hello.py"])
        #expect(task.type == "CODING")
        #expect(task.description == #"Create a Python file that prints "Hello, World!" when executed."#)
        #expect(task.criteria[1].text == #"Running `python hello.py` outputs "Hello, World!""#)
        #expect(plan.milestone.title == "Test Milestone: Hello World")
        #expect(
            task.criteria.map(\.check) == [
                .exists(paths: ["hello.py"]),
                .outputs(command: "python hello.py", text: "Hello, World!", isExact: false),
            ]
        )
    }

    @Test("health_check.md has dependencies and an end-to-end section")
    func healthCheck() throws {
        let plan = Plan(parsing: try Fixture.testPlan("health_check.md"), file: "health_check.md")
        #expect(plan.tasks.map(\.dependsOn) == [[], ["1.1"], ["1.1"]])
        #expect(plan.endToEnd.map(\.text).first?.hasPrefix("# Run health check\norchestrator health\n") == true)
        let checks = plan.tasks.flatMap(\.criteria).compactMap(\.check)
        #expect(checks == [.exists(paths: ["Sources/Health/Health.swift"])])
    }

    @Test("What only a human can judge has no check", arguments: ["needs_human", "failed", "parsing_traps"])
    func uncheckable(name: String) throws {
        let plan = Plan(parsing: try Fixture.testPlan("\(name).md"), file: "\(name).md")
        #expect(plan.tasks.flatMap(\.criteria).allSatisfy { $0.check == nil })
        #expect(plan.tasks.allSatisfy { $0.verification.isEmpty })
    }
}

@Suite("The plan full of parsing traps")
struct ParsingTrapsTests {
    let plan: Plan

    init() throws {
        plan = Plan(parsing: try Fixture.testPlan("parsing_traps.md"), file: "TestPlans/parsing_traps.md")
    }

    @Test("It has seven tasks and no more")
    func tasks() {
        #expect(plan.milestone == Milestone(id: "M7", title: "Parsing Traps", heading: "Milestone 7: Parsing Traps"))
        #expect(plan.tasks.map(\.id) == ["7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7"])
        #expect(
            plan.tasks.map(\.title) == [
                "Labels — in `every` spelling: all of them", "No colon and a dash before the id", "Emoji and emphasis",
                "A link in the header", "Underlined", "Nothing to check", "A fence that is never closed",
            ]
        )
    }

    @Test("Every criterion is read and none is invented")
    func criteria() {
        #expect(
            plan.tasks.map { $0.criteria.map(\.text) } == [
                [
                    "Open box", "Ticked box", "A star, wrapped over two lines", "Plain dash; nested remark",
                    "Nested box",
                    "Numbered",
                ],
                ["Under a header of its own", "And under another one"],
                ["Before the example", "After the example"],
                ["1 | A table row", "2 | Another row"],
                ["Listed below a label in a list", "**Speed:** below 1 s"],
                [],
                ["Before the open fence"],
            ]
        )
        #expect(plan.tasks[0].criteria.map(\.isChecked) == [false, true, false, false, false, false])
        #expect(plan.tasks[3].criteria.map(\.isChecked) == [true, false])
    }

    @Test("Files, descriptions and dependencies come from every spelling")
    func fields() {
        #expect(
            plan.tasks.map(\.files) == [
                ["a/one.swift", "b/two.swift"], ["c/three.swift", "d/four.swift"], [], [], ["e/five.swift"], [], [],
            ]
        )
        #expect(plan.tasks.map(\.dependsOn) == [[], ["7.1"], ["7.1", "7.2"], [], [], [], ["7.6", "7.99"]])
        #expect(plan.tasks[0].type == "CODING")
        #expect(plan.tasks[0].description == "The label holds the text,\nwhich goes on below.")
        #expect(plan.tasks[5].description == "Only words. Python 3.12 is needed.")
    }

    @Test("The end-to-end commands are those of its section only")
    func endToEnd() {
        #expect(plan.endToEnd.map(\.text) == ["swift test", "true"])
    }

    @Test("The three mistakes in it are told with their lines")
    func complaints() {
        #expect(plan.isRunnable)
        #expect(
            plan.complaints.map(\.message) == [
                "Task 7.6 has no acceptance criteria; list them as \"- [ ] …\" below \"**Acceptance Criteria:**\".",
                "Task 7.7 depends on task 7.99, which is not in this plan; correct the id or remove it.",
                "The code fence that starts here is never closed and is taken to end before line 139; close it with ```.",
            ]
        )
        #expect(plan.complaints.allSatisfy { $0.severity == .warning })
    }
}
