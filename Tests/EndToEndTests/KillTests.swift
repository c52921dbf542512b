import Foundation
import Testing

@Suite("The program itself is killed", .serialized, .container, .timeLimit(.minutes(6)))
struct KillTests {
    /// A busy agent with children that do not want to end: one without the mark in its environment, one that ignores
    /// SIGTERM, both in sessions of their own.
    private static let stubborn = Turn.runs(
        """
        exec </dev/null >/dev/null 2>&1
        env -i /usr/bin/setsid /bin/sh -c 'trap "" TERM HUP INT; while :; do sleep 4321; done' &
        setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 4322; done' &
        touch ready; while :; do sleep 1; done
        """
    )

    /// Waits until nothing of the attempt runs any more, with nobody's help.
    private func checkGone(_ scene: Scene, within limit: Duration = .seconds(20)) async throws {
        _ = try await eventually("everything in the container to end", within: limit) {
            try await scene.container.strangers().isEmpty && scene.container.clients().isEmpty ? true : nil
        }
    }

    /// Kills the program while the agent is busy; the agent before it, where that is wanted, so that it cannot see that.
    private func killed(_ turns: Turn..., withAgent: Bool = false) async throws -> (scene: Scene, run: String) {
        let scene = try await Scene(Turn.scenario(turns))
        let program = try scene.start()
        try await scene.isBusy()
        #expect(try await scene.container.strangers().contains { $0.contains("sleep") })
        if withAgent {
            program.send(signal: SIGSTOP)
            #expect(try await scene.container.shell("kill -9 $(pidof claude)").code == 0)
        }
        program.send(signal: SIGKILL)
        #expect(try await program.end().isBySignal)
        return (scene, try #require(try await scene.place.journal().first?["run_id"].string))
    }

    @Test("All that the agent has started ends by itself; the next start closes the attempt with its cost")
    func alone() async throws {
        let (scene, run) = try await killed(Self.stubborn)
        try await checkGone(scene)
        #expect(try await scene.place.journal().map { $0["ended_at"] } == [.null])

        let other = try await Model(Turn.scenario([.writesHello, .complete]), in: scene.place)
        let next = try await scene.run(environment: ["ANTHROPIC_BASE_URL": other.server.url])
        #expect(next.code == 0, "\(next.output)\(next.errors)")
        #expect((next.output + next.errors).contains("Run \(run) (task 1.1) was killed with its runner"))
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["status"] } == ["failed", "completed"])
        let dead = try #require(attempts.first)
        #expect(dead["cause"] == "interrupted")
        #expect(dead["exit_code"] == 137)
        #expect(dead["error"].string?.contains("orchestrator itself was killed") == true)
        // The agent was ended gently, so that its own count is there: nothing is estimated.
        #expect(dead.tokens == Double(Turn.tokens))
        #expect(abs((dead["cost_usd"].number ?? 0) - Turn.cost) < 1e-9)
        #expect(dead["cost_estimated"] == 0)
        let totals = try scene.receiver.totals(ofTrace: next.traceID)
        #expect(totals["orchestrator_tasks_total{status=failed}"]?.value == 1)
        #expect(totals.sum("orchestrator_tokens_total") == Double(3 * Turn.tokens))
        // The trace of the killed run arrives as well, with what was open told as killed.
        let spans = try scene.receiver.spans(ofTrace: dead["trace_id"].string)
        let root = try #require(spans.first { $0.name == "orchestrator.task" }, "\(next.errors) \(scene.place.spool)")
        #expect(root.attributes["error.type"] == "process_killed")
        try await scene.checkNothingLeft()
    }

    @Test("With the agent killed too, its tokens are recovered and marked as an estimate")
    func withAgent() async throws {
        let (scene, run) = try await killed(Self.stubborn, withAgent: true)
        try await checkGone(scene)
        let end = try await scene.command("reap", "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let reaped = try end.json["reaped"].array
        #expect(reaped.map { $0["run_id"] } == [.string(run)])
        #expect(reaped.first?["closed"] == true)
        #expect(reaped.first?["cost_estimated"] == true)
        let dead = try #require(try await scene.place.journal().first)
        #expect(dead.tokens == Double(Turn.tokens))
        #expect(abs((dead["cost_usd"].number ?? 0) - Turn.cost) < 1e-6)
        #expect(dead["cost_estimated"] == 1)
    }

    @Test("`reap` does just that, at once, says it in text and JSON, and has nothing to do the second time")
    func reap() async throws {
        let (scene, run) = try await killed(Self.stubborn)
        let end = try await scene.command("reap", "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try await scene.container.strangers() == [])
        let json = try end.json
        #expect(json["schema_version"] == 1)
        let entry = try #require(json["reaped"].array.first)
        #expect(json["reaped"].array.count == 1)
        #expect(entry["run_id"] == .string(run))
        #expect(entry["attempt"] == 1)
        #expect(entry["task_id"] == "1.1")
        #expect(entry["closed"] == true)
        #expect(entry["processes"]["remaining"].array.isEmpty)
        #expect(entry["obstacle"] == .null)
        #expect(abs((entry["cost_usd"].number ?? 0) - Turn.cost) < 1e-6)
        try await scene.checkNothingLeft()
        let again = try await scene.command("reap")
        #expect(again.code == 0)
        #expect(again.output.contains("Nothing to reap"), "\(again.output)")
        #expect(try await scene.command("reap", "--json").json["reaped"].array.isEmpty)
    }

    @Test("Two reapers at once close it once")
    func twoReapers() async throws {
        let (scene, _) = try await killed(.isBusy)
        let programs = try (1...2).map { _ in
            try scene.place.start(["reap", "--json"], environment: scene.environment)
        }
        var closed = 0
        for program in programs {
            let end = try await program.end()
            #expect(end.code == 0, "\(end.output)\(end.errors)")
            closed += try end.json["reaped"].array.count
        }
        #expect(closed == 1)
        try await scene.checkNothingLeft()
    }

    @Test("`reap` leaves a run alone whose program lives")
    func alive() async throws {
        let scene = try await Scene(.isBusy)
        let program = try scene.start()
        try await scene.isBusy()
        #expect(try await scene.command("reap").output.contains("Nothing to reap"))
        #expect(try await !scene.container.strangers().isEmpty)
        program.send(signal: SIGTERM)
        #expect(try await program.end().code == 143)
        #expect(try await scene.place.journal().map { $0["cause"] } == ["terminated"])
    }

    @Test("`resume` goes on in the session of a killed run, to completion; every token is counted once")
    func resumed() async throws {
        let (scene, run) = try await killed(.isBusy, .unasked, .writesHello, .complete)
        let end = try await scene.command("resume", run, "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["attempt"] == 2)
        #expect(json["verdict"] == "passed")
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["exit_code"] } == [137, 0])
        #expect(attempts.map { $0["session_id"] } == [json["session_id"], json["session_id"]])
        #expect(attempts.map(\.tokens) == [Double(Turn.tokens), Double(2 * Turn.tokens)])
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        #expect(totals.sum("orchestrator_tokens_total") == Double(3 * Turn.tokens))
        #expect(abs(totals.sum("orchestrator_cost_usd_total") - 3 * Turn.cost) < 1e-6)
        try await scene.checkNothingLeft()
    }
}
