import Foundation
import Testing

@Suite("Checks without an agent", .serialized, .container, .timeLimit(.minutes(4)))
struct VerifyTests {
    /// A plan with a task and an end-to-end section of its milestone.
    private static let plan = """
        # Milestone 7: Checked

        ## Task 1.1: Write it

        **Verify:**
        ```bash
        test -s a.txt
        ```

        **Acceptance Criteria:**
        - [ ] `a.txt` contains "one"
        - [ ] File `b.txt` does not exist
        - [ ] The style is good

        ## E2E Test

        ```bash
        cat a.txt
        grep -q one a.txt
        ```
        """

    private func scene() async throws -> (Scene, String) {
        let scene = try await Scene(.complete)
        return (scene, try scene.place.write(Self.plan, to: "plan.md"))
    }

    private func verify(_ scene: Scene, _ arguments: String...) async throws -> Program.End {
        try await scene.place.run(["verify"] + arguments + ["--container", scene.container.name])
    }

    @Test("A task's checks: exit code, text and JSON agree, criteria no machine can check are listed, none is asked")
    func task() async throws {
        let (scene, plan) = try await scene()
        _ = try await scene.container.shell("echo one >/workspace/a.txt")
        let text = try await verify(scene, plan, "1.1")
        #expect(text.code == 0, "\(text.output)\(text.errors)")
        #expect(text.output.contains("PASSED (3 passed; 1 criterion not machine-checkable)"), "\(text.output)")
        #expect(text.output.contains("Not machine-checkable (line 13): The style is good"), "\(text.output)")
        let program = try await verify(scene, plan, "1.1", "--json")
        #expect(program.code == 0)
        let json = try program.json
        #expect(json["schema_version"] == 1)
        #expect(json["verdict"] == "passed")
        #expect(json["task_id"] == "1.1")
        #expect(json["checks"].array.map { $0["kind"] } == ["command", "contains", "is_absent"])
        #expect(json["checks"].array.allSatisfy { $0["outcome"] == "passed" })
        #expect(json["unchecked_criteria"].array.map { $0["line"] } == [13])
        #expect(try scene.model.requests.isEmpty)
        #expect(try await scene.place.journal().isEmpty, "it is no attempt")
        try await scene.checkNothingLeft()
    }

    @Test("A check that fails is exit code 1, in text, JSON and JUnit, and on a span")
    func failing() async throws {
        let (scene, plan) = try await scene()
        _ = try await scene.container.shell("echo two >/workspace/a.txt; touch /workspace/b.txt")
        let file = scene.place.directory + "/report.xml"
        let end = try await verify(scene, plan, "1.1", "--json", "--junit", file)
        #expect(end.code == 1, "\(end.output)\(end.errors)")
        #expect(try end.json["verdict"] == "failed")
        #expect(try end.json["checks"].array.map { $0["outcome"] } == ["passed", "failed", "failed"])
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("tests=\"4\" failures=\"2\""))
        let text = try await verify(scene, plan, "1.1")
        #expect(text.code == 1)
        #expect(text.output.contains("FAILED (1 passed, 2 failed; 1 criterion"), "\(text.output)")
        #expect(text.output.contains("Check FAILED: `a.txt` contains \"one\""), "\(text.output)")
    }

    @Test("A milestone's own end-to-end section is run without a task's id")
    func milestone() async throws {
        let (scene, plan) = try await scene()
        _ = try await scene.container.shell("echo one >/workspace/a.txt")
        let good = try await verify(scene, plan, "--json")
        #expect(good.code == 0, "\(good.output)\(good.errors)")
        #expect(try good.json["task_id"] == .null)
        #expect(try good.json["checks"].array.map { $0["command"] } == ["cat a.txt", "grep -q one a.txt"])
        #expect(try good.json["checks"].array.first?["output"] == "one")
        _ = try await scene.container.shell("rm /workspace/a.txt")
        let bad = try await verify(scene, plan, "--json")
        #expect(bad.code == 1)
        #expect(try bad.json["checks"].array.map { $0["outcome"] } == ["failed", "not_run"])
    }

    @Test("Nothing to check is not passed")
    func nothing() async throws {
        let scene = try await Scene(.complete)
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] It is good\n")
        let end = try await verify(scene, plan, "1.1")
        #expect(end.code == 1)
        #expect(end.output.contains("UNCHECKED"), "\(end.output)")
        #expect(try await verify(scene, plan).code == 1)
    }

    @Test("Ctrl-C ends a check that hangs, and what it has started")
    func interrupted() async throws {
        let scene = try await Scene(.complete)
        let plan = try scene.plan("**Verify:**\n```bash\ntouch ready; setsid sleep 4321 & sleep 4321\n```\n")
        let program = try scene.place.start(["verify", plan, "1.1", "--container", scene.container.name])
        try await scene.isBusy()
        program.send(signal: SIGINT)
        #expect(try await program.end().code == 130)
        try await scene.checkNothingLeft()
    }
}
