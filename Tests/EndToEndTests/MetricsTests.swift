import Foundation
import Testing

@Suite("Metrics are right although each run is a process of its own", .timeLimit(.minutes(6)))
struct MetricsTests {
    /// A session with one response and one tool call, whose cost has no exact binary form.
    private static let session = """
        cat <<'END'
        {"type":"system","subtype":"init","session_id":"s","model":"m","claude_code_version":"9.9.9","tools":[]}
        {"type":"assistant","message":{"id":"m1","model":"m","content":[{"type":"tool_use","id":"t1","name":"Bash",\
        "input":{}}],"usage":{"input_tokens":7,"output_tokens":5}}}
        {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"ok"}]}}
        {"type":"result","subtype":"success","is_error":false,"result":"STATUS: complete","num_turns":1,\
        "session_id":"s","total_cost_usd":0.0215,"modelUsage":{"m":{"inputTokens":7,"outputTokens":5,\
        "cacheReadInputTokens":3,"cacheCreationInputTokens":4,"thinkingTokens":2,"costUSD":0.0215}}}
        END
        """

    /// Runs so many tasks one after the other, at a plan and in a workspace of their own.
    private func work(_ agent: StandIn, lane: Int, runs: Int, environment: [String: String] = [:]) async throws {
        let text = try String(contentsOfFile: Equipment.plan("hello_world.md"), encoding: .utf8)
        let plan = try agent.place.write(text, to: "lane-\(lane).md")
        let workspace = agent.place.directory + "/lane-\(lane)"
        try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
        for _ in 0..<runs {
            let end = try await agent.run(plan: plan, ["--workspace", workspace], environment: environment)
            #expect(end.code == 0, "\(end.output)\(end.errors)")
        }
    }

    @Test("Ten runs, two at a time: every sum is exact, none goes back, and all count from one start")
    func tenRuns() async throws {
        let receiver = try await Receiver()
        let agent = try StandIn(Self.session, collector: receiver.server.url)
        // The journal and its zero points are there before the first attempt.
        _ = try await agent.place.run(["health", "--check", "journal"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<2 { group.addTask { try await work(agent, lane: lane, runs: 5) } }
            try await group.waitForAll()
        }
        let snapshots = try receiver.snapshots()
        #expect(snapshots.count >= 10)
        let first = try #require(snapshots.first)
        let last = try #require(snapshots.last)
        #expect(last.sum("orchestrator_tasks_total") - first.sum("orchestrator_tasks_total") == 10)
        #expect(first.values["orchestrator_tasks_total{status=failed}"]?.number == 0)
        #expect(last.values["orchestrator_tasks_total{status=completed}"]?.number == 10)
        let tokens = ["input": 70.0, "output": 50, "cache_read": 30, "cache_creation": 40]
        for (type, count) in tokens {
            #expect(last.values["orchestrator_tokens_total{model=m,type=\(type)}"]?.number == count)
        }
        #expect(last.sum("orchestrator_thinking_tokens_total") == 20)
        #expect(abs(last.sum("orchestrator_cost_usd_total") - 0.215) < 1e-12)
        #expect(last.sum("orchestrator_outcomes_total") == 10)
        #expect(last.sum("orchestrator_task_duration_seconds_count") == 10)
        #expect(last.values["orchestrator_tool_calls_total{outcome=ok,tool=Bash}"]?.number == 10)
        #expect(last.sum("gen_ai.execute_tool.duration_count") == 10)
        #expect(last.gauges["orchestrator_questions_open{}"] == 0)
        checkOrder(snapshots)
        let traces = Set(try await agent.place.journal().compactMap { $0["trace_id"].string })
        let examples = last.exemplars["orchestrator_task_duration_seconds"] ?? []
        #expect(!examples.isEmpty && traces.isSuperset(of: examples))
    }

    /// In the order of arrival no number falls, none goes away, and all have the start of the journal.
    private func checkOrder(_ snapshots: [Receiver.Snapshot]) {
        var newest: [String: Receiver.Snapshot.Value] = [:]
        for snapshot in snapshots {
            for (name, before) in newest {
                guard let now = snapshot.values[name] else {
                    Issue.record("\(name) went away")
                    continue
                }
                #expect(now.number >= before.number, "\(name) fell")
            }
            newest = snapshot.values
        }
        #expect(Set(snapshots.flatMap { $0.values.values.map(\.start) }).count == 1)
    }

    @Test("What a killed run had done, and what it was doing, is counted when it is closed, as its trace has it")
    func killed() async throws {
        let receiver = try await Receiver()
        let unfinished = Self.session.split(separator: "\n").filter { !$0.contains("result\"") || $0.contains("tool_") }
        let open = """
            {"type":"assistant","message":{"id":"m2","model":"m","content":[{"type":"tool_use","id":"t2","name":"Read",\
            "input":{"file_path":"a"}}]}}
            """
        let session = (unfinished.dropLast() + ["\(open)\nEND\nsleep 60"]).joined(separator: "\n")
        let agent = try StandIn(session, collector: receiver.server.url)
        let program = try agent.start()
        let query = """
            import sqlite3, sys
            journal = sqlite3.connect(sys.argv[1], timeout=60)
            print(journal.execute("SELECT CAST(operations AS TEXT) FROM open_operations").fetchall())
            """
        _ = try await eventually("the tool calls in the journal") {
            let kept = try await agent.place.python(query, [agent.place.state + "/journal.db"]).output
            return kept.contains("Read") ? true : nil
        }
        program.send(signal: SIGKILL)
        #expect(try await program.end().isBySignal)
        #expect(try await agent.place.run(["reap"]).code == 0)
        let last = try #require(try receiver.snapshots().last)
        let outcome = "orchestrator_outcomes_total{cause=interrupted,claim=none,status=failed,verdict=unchecked}"
        #expect(last.values[outcome]?.number == 1)
        #expect(last.values["orchestrator_tool_calls_total{outcome=ok,tool=Bash}"]?.number == 1)
        #expect(last.values["orchestrator_tool_calls_total{outcome=error,tool=Read}"]?.number == 1)
        let trace = try #require(try await agent.place.journal().first?["trace_id"].string)
        let spans = try receiver.spans(ofTrace: trace)
        let metrics = ["execute_tool ": "gen_ai.execute_tool.duration", "chat ": "gen_ai.client.operation.duration"]
        for (name, metric) in metrics {
            let errors = spans.filter { $0.name.hasPrefix(name) }.map { $0.attributes["error.type"]?.string ?? "" }
            #expect(errors.count == 2 && errors.contains("process_killed"), "\(spans.map(\.name))")
            #expect(last.sum(metric + "_count") == 2)
        }
    }

    @Test("A collector that hangs holds up two runs at once no longer than the bound, and the next run tells all")
    func hanging() async throws {
        let silent = try await Receiver(script: #"{"*": [{"reply": "never"}]}"#)
        let agent = try StandIn(Self.session, collector: silent.server.url)
        let bound = ["ORCHESTRATOR_TELEMETRY_TIMEOUT": "1s"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<2 { group.addTask { try await work(agent, lane: lane, runs: 1, environment: bound) } }
            try await group.waitForAll()
        }
        let receiver = try await Receiver()
        try await work(agent, lane: 0, runs: 1, environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": receiver.server.url])
        let last = try #require(try receiver.snapshots().last)
        #expect(last.sum("orchestrator_tasks_total") == 3)
        #expect(abs(last.sum("orchestrator_cost_usd_total") - 0.0645) < 1e-12)
    }

    @Test("The newest names of the GenAI conventions are an opt-in")
    func optIn() async throws {
        let receiver = try await Receiver()
        let agent = try StandIn(Self.session, collector: receiver.server.url)
        let optIn = ["OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental"]
        try await work(agent, lane: 0, runs: 1, environment: optIn)
        let last = try #require(try receiver.snapshots().last)
        #expect(last.sum("gen_ai.client.inference.usage.input_tokens") == 14)
        #expect(last.sum("gen_ai.client.inference.usage.reasoning.output_tokens") == 2)
        #expect(!last.values.keys.contains { $0.hasPrefix("gen_ai.client.token.usage") })
    }
}
