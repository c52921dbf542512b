import Foundation
import Testing

@Suite("Stopping Claude Code in a container", .serialized, .container, .timeLimit(.minutes(5)))
struct StopTests {
    /// A Bash call that leaves a daemon in a session of its own, says that it is ready, and never ends.
    private static let busy = """
        {"turns": [{"text": "This takes a while.", "tools": [{"name": "Bash", "input": {"timeout": 600000, "command":
        "setsid sleep 4321 </dev/null >/dev/null 2>&1 & touch ready; while :; do sleep 1; done"}}]}]}
        """

    /// Waits until the scenario's Bash call runs.
    private func isBusy(_ scene: Scene) async throws {
        _ = try await eventually("the Bash call to run") {
            try await scene.container.shell("test -e /workspace/ready").code == 0 ? true : nil
        }
    }

    /// Looks with own eyes: nothing of the attempt runs on, and the text says so.
    private func checkNothingLeft(_ scene: Scene, _ end: Program.End) async throws {
        let attempt = try #require(end.runID)
        #expect(try await scene.container.marked(attempt) == "")
        #expect(try await scene.container.strangers() == [])
        #expect(end.output.contains(/Stopped \d+ process(es)? \(.*\); none is left\./), "\(end.output)")
    }

    private func checkStopped(_ scene: Scene, _ end: Program.End, code: Int32, cause: String) async throws {
        #expect(end.code == code, "\(end.output)\(end.errors)")
        #expect(!end.isBySignal)
        #expect(end.output.contains("] Task 1.1: FAILED ("), "\(end.output)")
        let attempt = try #require(try await scene.place.journal().last)
        #expect(attempt["status"] == "failed")
        #expect(attempt["cause"] == .string(cause))
        #expect(attempt["exit_code"].number == Double(code))
        let spans = try scene.receiver.spans(ofTrace: end.traceID)
        let isOfSession = { (span: Receiver.Span) in
            span.name.hasPrefix("chat ") || span.name.hasPrefix("execute_tool ")
        }
        #expect(spans.count { !isOfSession($0) } == 4)
        #expect(
            spans.contains { isOfSession($0) && $0.isError },
            "\(spans.map(\.name))"
        )
        let root = try #require(spans.first { $0.name == "orchestrator.task" })
        #expect(root.attributes["error.type"] == .string(cause))
        #expect(root.attributes["task.status"] == "failed")
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        #expect(totals["orchestrator_tasks_total{status=failed}"]?.value == 1)
        // One answer of the model had been paid for; the agent tells it when it is asked to end.
        #expect(root.attributes["claude.tokens"]?.number ?? 0 >= 4780)
        #expect(root.attributes["claude.cost_usd"]?.number ?? 0 >= 0.0215 - 1e-9)
        #expect(totals.sum("orchestrator_tokens_total") == root.attributes["claude.tokens"]?.number)
    }

    @Test("At the limit of time the agent and its children are gone, and the cost is known")
    func timeLimitInBash() async throws {
        let scene = try await Scene("hang_in_bash")
        let end = try await scene.run(["--timeout", "20s"])
        #expect(end.output.contains("Error: The limit of time is reached: stopped after 20s."), "\(end.output)")
        try await checkStopped(scene, end, code: 3, cause: "time_limit")
        try await checkNothingLeft(scene, end)
    }

    @Test("A model that only pings is stopped at the limit of time, with the daemon that a tool had left")
    func timeLimitInModel() async throws {
        let scene = try await Scene("hang")
        let end = try await scene.run(["--timeout", "20"])
        try await checkStopped(scene, end, code: 3, cause: "time_limit")
        try await checkNothingLeft(scene, end)
    }

    @Test("At the limit of time JSON says the same")
    func timeLimitInJSON() async throws {
        let scene = try await Scene("hang_in_bash")
        let end = try await scene.run(["--timeout", "20s", "--json"])
        #expect(end.code == 3)
        let json = try end.json
        #expect(json["status"] == "failed")
        #expect(json["cause"] == "time_limit")
        #expect(json["exit_code"] == 3)
        #expect(json["cost_known"] == true)
        #expect(json["tokens_used"] == 4780)
        #expect(json["notes"].array.contains { $0.string?.hasSuffix("none is left.") == true })
        #expect(try await scene.container.strangers() == [])
    }

    @Test(
        "A signal stops the agent, its Bash child and the daemon; the program ends with its code",
        arguments: [(SIGINT, Int32(130), "interrupted"), (SIGTERM, 143, "terminated"), (SIGHUP, 129, "hung_up")]
    )
    func signals(_ signal: Int32, _ code: Int32, _ cause: String) async throws {
        let scene = try await Scene(Self.busy)
        let program = try scene.start()
        try await isBusy(scene)
        #expect(try await !scene.container.strangers().filter { $0.contains("sleep 4321") }.isEmpty)
        program.send(signal: signal)
        let end = try await program.end()
        try await checkStopped(scene, end, code: code, cause: cause)
        try await checkNothingLeft(scene, end)
    }

    @Test("A second Ctrl-C spoils nothing")
    func impatience() async throws {
        let scene = try await Scene(Self.busy)
        let program = try scene.start()
        try await isBusy(scene)
        for _ in 1...3 { program.send(signal: SIGINT) }
        let end = try await program.end()
        #expect(end.code == 130)
        #expect(try await scene.place.journal().map { $0["cause"] } == ["interrupted"])
        try await checkNothingLeft(scene, end)
    }

    @Test("A daemon that an agent leaves behind when it is done is ended, and the text says so")
    func leftBehind() async throws {
        let scene = try await Scene(
            .runs("setsid sleep 4321 </dev/null >/dev/null 2>&1 & echo started"),
            .writesHello,
            .complete
        )
        let end = try await scene.run()
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(end.output.contains(/left running: 1 process \(sleep \d+\); none is left\./), "\(end.output)")
        #expect(try await scene.container.strangers() == [])
    }

    @Test("A signal stops the agent also when nobody reads the output any more, as with `| head -n 2`")
    func readerGone() async throws {
        let scene = try await Scene(Self.busy)
        // Test runners may ignore SIGPIPE, which children inherit; a user's shell does not.
        let script = #"""
            { echo "$BASHPID" >pid; exec env --default-signal=PIPE "$0" "$@"; } | head -n 2
            exit "${PIPESTATUS[0]}"
            """#
        let program = try Program(
            "/bin/bash",
            ["-c", script, Equipment.orchestrator] + Refusal.task + ["--container", scene.container.name],
            environment: scene.place.environment.merging(scene.environment) { $1 },
            directory: scene.place.directory,
            files: scene.place.directory
        )
        try await isBusy(scene)
        let identifier = try String(contentsOfFile: scene.place.directory + "/pid", encoding: .utf8)
        kill(try #require(Int32(identifier.trimmingCharacters(in: .newlines))), SIGTERM)
        #expect(try await program.end().code == 143)
        #expect(try await scene.container.strangers() == [], "the agent runs on")
        #expect(try await scene.place.journal().map { $0["cause"].string } == ["terminated"])
    }

    @Test("A container that goes away in the middle fails the attempt, which is told in every view")
    func containerGone() async throws {
        let scene = try await Scene(Self.busy)
        let container = try await Container()
        let program = try scene.start(["--container", container.name])
        _ = try await eventually("the Bash call to run") {
            try await container.shell("test -e /workspace/ready").code == 0 ? true : nil
        }
        try await container.remove()
        let end = try await program.end()
        #expect(end.output.contains("] Task 1.1: FAILED ("), "\(end.output)")
        #expect([1, 69].contains(end.code))
        let attempt = try #require(try await scene.place.journal().last)
        #expect(attempt["status"] == "failed")
        #expect(attempt["exit_code"].number == Double(end.code))
        let root = try scene.receiver.spans(ofTrace: end.traceID).first { $0.name == "orchestrator.task" }
        #expect(root?.attributes["error.type"] == attempt["cause"])
    }

    @Test("The key is on no command line, not in docker inspect, and in nothing that is kept")
    func secrecy() async throws {
        let scene = try await Scene(Self.busy)
        let program = try scene.start()
        try await isBusy(scene)
        // The host sees the container's processes too.
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
        let lines = processes.compactMap { try? Data(contentsOf: URL(filePath: "/proc/\($0)/cmdline")) }
        #expect(lines.contains { $0.range(of: Data("ANTHROPIC_API_KEY".utf8)) != nil }, "the look must see docker exec")
        #expect(!lines.contains { $0.range(of: Data(scene.key.utf8)) != nil })
        #expect(try await !scene.container.docker(["inspect", scene.container.name]).output.contains(scene.key))
        program.send(signal: SIGTERM)
        let end = try await program.end()
        #expect(!end.output.contains(scene.key) && !end.errors.contains(scene.key))
        #expect(try scene.model.requests.first?["headers"]["x-api-key"] == .string(scene.key), "the agent has it")
        let files = try #require(FileManager.default.enumerator(atPath: scene.place.state)).compactMap { $0 as? String }
        for file in files {
            let data = try? Data(contentsOf: URL(filePath: "\(scene.place.state)/\(file)"))
            #expect(data?.range(of: Data(scene.key.utf8)) == nil, "\(file)")
        }
        let trace = try scene.receiver.requests("traces", containing: scene.key)
        #expect(trace.isEmpty)
    }
}
