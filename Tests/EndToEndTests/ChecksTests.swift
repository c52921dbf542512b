import Foundation
import Testing

@Suite("What an agent claims is checked", .serialized, .container, .timeLimit(.minutes(5)))
struct ChecksTests {
    private static let words = "The agent claimed complete, and the checks say otherwise: "

    private func contradicted(_ error: String, checks: [String], turns: Int) -> Expected {
        Expected(
            code: 1,
            status: "failed",
            cause: "contradicted",
            error: Self.words + error,
            claim: "complete",
            tokens: turns * Turn.tokens,
            cost: Double(turns) * Turn.cost,
            verdict: "failed",
            checks: checks
        )
    }

    @Test("A task of which only half is done is contradicted by the other half")
    func half() async throws {
        let scene = try await Scene(.writes("a.txt", "one\n"), .complete)
        let plan = try scene.plan(
            "**Acceptance Criteria:**\n- [ ] File `a.txt` exists\n- [ ] File `b.txt` exists\n- [ ] The style is good\n"
        )
        let expected = contradicted("File `b.txt` exists", checks: ["passed", "failed"], turns: 2)
        let json = try await scene.check(expected, plan: plan)
        #expect(json["unchecked_criteria"].array.map { $0["text"] } == ["The style is good"])
        #expect(json["changes"]["added"] == 1)
        #expect(json["changes"]["added_lines"] == 1)
        #expect(json["changes"]["files"].array.map { $0["path"] } == ["a.txt"])
        #expect(json["checks"].array.map { $0["line"].number } == [9, 10])
    }

    @Test("A file that does not do what it should is contradicted, with what it printed")
    func wrongFile() async throws {
        let scene = try await Scene(.writes("hello.py", "print('Hallo, Welt!')\n"), .complete)
        let json = try await scene.check(
            contradicted("Running `python hello.py` outputs", checks: ["passed", "failed"], turns: 2)
        )
        let failed = try #require(json["checks"].array.last)
        #expect(failed["output"] == "Hallo, Welt!")
        #expect(failed["command"] == "python hello.py")
        #expect(failed["exit_code"] == 0)
    }

    @Test("Nothing done, and nothing that could be checked, is failed as a no-op")
    func noChange() async throws {
        let scene = try await Scene(.complete)
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] The code is beautiful\n")
        let json = try await scene.check(
            Expected(
                code: 1,
                status: "failed",
                cause: "no_change",
                error: "The agent claimed complete, but it changed no file and no check passed.",
                claim: "complete",
                tokens: Turn.tokens,
                cost: Turn.cost,
                verdict: "unchecked",
                checks: []
            ),
            plan: plan
        )
        #expect(json["unchecked_criteria"].array.map { $0["text"] } == ["The code is beautiful"])
    }

    @Test("Something done that no machine can check is completed, and says that nothing was checked")
    func unchecked() async throws {
        let scene = try await Scene(.writes("poem.txt", "Roses are red\n"), .complete)
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] The poem is moving\n")
        try await scene.check(
            Expected(
                code: 0,
                status: "completed",
                cause: "claimed_complete",
                claim: "complete",
                tokens: 2 * Turn.tokens,
                cost: 2 * Turn.cost,
                verdict: "unchecked",
                checks: []
            ),
            plan: plan
        )
    }

    @Test("The commands of a Verify block run one by one in one shell, and end at the first that fails")
    func verifyBlock() async throws {
        let scene = try await Scene(.writes("sub/a.txt", "one\n"), .complete)
        let plan = try scene.plan("**Verify:**\n```bash\ncd sub\ngrep two a.txt\ntouch never\n```\n")
        let expected = contradicted("`grep two a.txt`", checks: ["passed", "failed", "not_run"], turns: 2)
        let json = try await scene.check(expected, plan: plan)
        #expect(json["checks"].array.map { $0["exit_code"] } == [0, 1, .null])
        #expect(json["changes"]["files"].array.map { $0["path"] } == ["sub/a.txt"])
    }

    @Test("A check that never ends is ended at its limit")
    func endless() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let plan = try scene.plan("**Verify:**\n```bash\ntrue\nsleep 4321\n```\n")
        let expected = contradicted("`sleep 4321`", checks: ["passed", "failed"], turns: 2)
        let json = try await scene.check(expected, ["--check-timeout", "2s"], plan: plan)
        #expect(json["checks"].array.last?["exit_code"] == .null)
        #expect(json["checks"].array.last?["explanation"].string?.contains("2s") == true)
    }

    @Test("A check that leaves a daemon behind is a check like others, and the daemon is ended")
    func daemon() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let plan = try scene.plan(
            "**Verify:**\n```bash\nenv -i setsid sh -c 'trap \"\" TERM; exec sleep 4321' >/dev/null 2>&1 &\ntrue\n```\n"
        )
        try await scene.check(
            Expected(
                code: 0,
                status: "completed",
                cause: "claimed_complete",
                claim: "complete",
                tokens: 2 * Turn.tokens,
                cost: 2 * Turn.cost,
                verdict: "passed",
                checks: ["passed", "passed"]
            ),
            plan: plan
        )
    }

    @Test("Checks that print 200 MB cost neither memory nor a disk, and their end is kept")
    func flood() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let plan = try scene.plan("**Verify:**\n```bash\nyes | head -c 200000000; echo the end; false\n```\n")
        // Reports the largest resident size, in kB, of the program and what it has waited for.
        let script = """
            import resource, subprocess, sys
            code = subprocess.call(sys.argv[1:])
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
            sys.exit(code)
            """
        let task = ["task", plan, "1.1", "--container", scene.container.name, "--json"]
        let end = try await Program(
            Equipment.python,
            ["-c", script, Equipment.orchestrator] + task,
            environment: scene.place.environment.merging(scene.environment) { $1 },
            directory: scene.place.directory,
            files: scene.place.directory
        )
        .end(within: .seconds(240))
        #expect(end.code == 1, "\(end.errors)")
        let output = try #require(try end.json["checks"].array.first?["output"].string)
        #expect(output.hasSuffix("the end"))
        #expect(output.utf8.count < (8 << 10) + 100, "its end, and how much was left out")
        let kilobytes = try #require(end.errors.split(separator: "\n").last.flatMap { Int($0) }, "\(end.errors)")
        #expect(kilobytes < 300_000)
        try await scene.checkNothingLeft()
    }
}
