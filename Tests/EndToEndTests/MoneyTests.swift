import Foundation
import Testing

@Suite("Money is what the model's script says, to the token", .serialized, .container, .timeLimit(.minutes(6)))
struct MoneyTests {
    /// What so many answers of the script come to, everywhere: in the journal, in `costs`, and in the exported metrics.
    private func check(
        _ scene: Scene,
        answers: Int,
        attempts: Int,
        estimated: Int = 0,
        trace: String?
    ) async throws {
        let number = Double(answers)
        let kinds = [
            "input": 1200 * number, "output": 80 * number, "cache_read": 500 * number, "cache_creation": 3000 * number,
        ]
        let journal = try await scene.place.journal().filter { $0["replayed"] == 0 }
        let rows = journal.flatMap { $0["usage"].array }
        for (kind, count) in kinds {
            #expect(rows.reduce(0) { $0 + ($1[kind + "_tokens"].number ?? .nan) } == count, "\(kind) in the journal")
        }
        for grouping in ["day", "plan", "task", "model"] {
            let end = try await scene.command("costs", "--by", grouping, "--json")
            #expect(end.code == 0, "\(end.output)\(end.errors)")
            let json = try end.json
            #expect(json["schema_version"] == 1 && json["by"] == .string(grouping))
            for (kind, count) in kinds {
                #expect(json["total"]["tokens"][kind].number == count, "\(kind) in costs")
                let sum = json["costs"].array.reduce(0) { $0 + ($1["tokens"][kind].number ?? .nan) }
                #expect(sum == count, "\(kind) by \(grouping)")
            }
            #expect(abs((json["total"]["cost_usd"].number ?? .nan) - number * Turn.cost) < 1e-6)
            #expect(json["total"]["attempts"].number == Double(attempts))
            #expect(json["total"]["attempts_estimated"].number == Double(estimated))
            #expect(json["total"]["cost_estimated"] == .bool(estimated > 0))
        }
        let totals = try scene.receiver.totals(ofTrace: trace)
        for (kind, count) in kinds {
            let points = totals.filter {
                $0.key.hasPrefix("orchestrator_tokens_total{") && $0.key.hasSuffix("type=\(kind)}")
            }
            #expect(points.values.reduce(0) { $0 + $1.value } == count, "\(kind) as exported")
        }
        #expect(abs(totals.sum("orchestrator_cost_usd_total") - number * Turn.cost) < 1e-6)
    }

    private func checkResult(_ json: JSON, answers: Int) {
        #expect(json["tokens_used"].number == Double(answers * Turn.tokens))
        #expect(abs((json["cost_usd"].number ?? .nan) - Double(answers) * Turn.cost) < 1e-9)
        #expect(json["cost_estimated"] == false)
    }

    @Test("A success")
    func success() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let end = try await scene.run(["--json"])
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        checkResult(try end.json, answers: 2)
        try await check(scene, answers: 2, attempts: 1, trace: end.traceID)
        let text = try await scene.command("costs", "--by", "model").output
        #expect(text.contains("MODEL") && text.contains("$0.04") && !text.contains("~"), "\(text)")
    }

    @Test("A session that is resumed counts what it had used before once")
    func resumed() async throws {
        let scene = try await Scene(.asks, .writesHello, .complete)
        let asked = try await scene.run(["--json"])
        checkResult(try asked.json, answers: 1)
        let end = try await scene.command("answer", "latest", "B", "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        checkResult(try end.json, answers: 2)
        try await check(scene, answers: 3, attempts: 2, trace: end.traceID)
    }

    @Test("A sub-agent's answers count with the attempt")
    func subagent() async throws {
        let scene = try await Scene(
            """
            {"turns": [
              {"tools": [{"name": "Agent", "input": {"description": "Count", "prompt": "COUNTING-AGENT, count.",
               "subagent_type": "general-purpose"}}]},
              {"text": "Done.\\n\\nSTATUS: complete"}],
             "agents": [{"prompt": "COUNTING-AGENT", "turns": [
              {"text": "I count.", "tools": [{"name": "Bash", "input": {"command": "ls | wc -l"}}]}, {"text": "One."}]}]}
            """
        )
        let tools = ["ORCHESTRATOR_ALLOWED_TOOLS": "Bash,Agent"]
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] It is done\n")
        let end = try await scene.run(plan: plan, ["--json"], environment: tools)
        checkResult(try end.json, answers: 4)
        try await check(scene, answers: 4, attempts: 1, trace: end.traceID)
    }

    @Test("A limit of cost stops it; what was answered is paid")
    func budget() async throws {
        let scene = try await Scene(.runs("echo 1"), .isBusy)
        let end = try await scene.run(["--max-cost", "0.03", "--json"])
        #expect(end.code == 3, "\(end.output)\(end.errors)")
        #expect(try end.json["cause"] == "cost_limit")
        checkResult(try end.json, answers: 2)
        try await check(scene, answers: 2, attempts: 1, trace: end.traceID)
    }

    @Test("Killed with its agent: what the transcript tells is counted, and marked as an estimate")
    func killed() async throws {
        let scene = try await Scene(.runs("echo 1"), .isBusy)
        let program = try scene.start()
        try await scene.isBusy()
        program.send(signal: SIGSTOP)
        #expect(try await scene.container.shell("kill -9 $(pidof claude)").code == 0)
        program.send(signal: SIGKILL)
        #expect(try await program.end().isBySignal)
        #expect(try await scene.command("reap").code == 0)
        // A replay costs nothing itself, and sends the totals.
        let replayed = try await scene.place.replay("hello_world")
        try await check(scene, answers: 2, attempts: 1, estimated: 1, trace: replayed.traceID)
        let text = try await scene.command("costs").output
        #expect(text.contains("~$0.04"), "\(text)")
    }

    @Test("What earlier attempts took is told before the next one begins, from the third on")
    func forecast() async throws {
        let agent = try StandIn()
        for _ in 0..<3 { #expect(!(try await agent.run().output.contains("Similar tasks"))) }
        let text = try await agent.run().output
        #expect(
            text.contains("Similar tasks: ") && text.contains("$0.00, 3 of 3 completed (this task before)"),
            "\(text)"
        )
        let events = try await agent.run(["--events"]).outputBytes.split(separator: 0x0A).map { try JSON($0) }
        let start = try #require(events.first { $0["event"] == "run_started" })["forecast"]
        #expect(start["basis"] == "task" && start["attempts"] == 4 && start["completed"] == 4)
        #expect((start["duration_seconds"].number ?? 0) > 0 && start["cost_usd"] == 0)
        #expect(try await agent.place.replay("hello_world").output.contains("Similar tasks") == false)
    }
}
