import Foundation
import Testing

@Suite("The trace shows what the agent does", .serialized, .container, .timeLimit(.minutes(6)))
struct SessionTraceTests {
    /// Parallel calls with an error among them, a refused request and a denial, a sub-agent, and the last words.
    private static let scenario = """
        {"turns": [
          {"text": "Several at once.", "delay_ms": 300, "stream_ms": 200, "tools": [
            {"name": "Bash", "input": {"command": "echo token=sk-ant-api03-abcdefghijklmnopqrstuvwx; sleep 0.3"}},
            {"name": "Bash", "input": {"command": "echo two >two.txt"}},
            {"name": "Read", "input": {"file_path": "/workspace/missing.txt"}},
            {"name": "Glob", "input": {"pattern": "*.txt"}}]},
          {"text": "Once more.", "delay_ms": 300, "fault": "status", "status": 529, "times": 1,
           "tools": [{"name": "WebFetch", "input": {"url": "http://127.0.0.1:9/", "prompt": "x"}}]},
          {"delay_ms": 300, "tools": [{"name": "Agent", "input": {"description": "Count",
            "prompt": "COUNTING-AGENT, count the files.", "subagent_type": "general-purpose"}}]},
          {"text": "Done.\\n\\nSTATUS: complete", "delay_ms": 300}],
         "agents": [{"prompt": "COUNTING-AGENT", "turns": [
          {"text": "I count.", "delay_ms": 300, "tools": [{"name": "Bash", "input": {"command": "ls | wc -l"}}]},
          {"text": "One.", "delay_ms": 300}]}]}
        """

    private static let plan = "**Acceptance Criteria:**\n- [ ] File `two.txt` exists\n"

    private func run(
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> (
        scene: Scene, end: Program.End
    ) {
        let scene = try await Scene(Self.scenario)
        var all = environment
        all["ORCHESTRATOR_ALLOWED_TOOLS"] = "Bash,Read,Write,Edit,Glob,Grep,Agent"
        all["CLAUDE_CODE_MAX_RETRIES"] = "3"
        let end = try await scene.run(plan: try scene.plan(Self.plan), arguments, environment: all)
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        return (scene, end)
    }

    /// Each span as `parent/name`, with what went wrong.
    private func tree(_ spans: [Receiver.Span]) -> [String] {
        let names = Dictionary(spans.map { ($0.spanID, $0.name) }) { first, _ in first }
        return spans.filter { $0.name.hasPrefix("chat") || $0.name.hasPrefix("execute_tool") }
            .sorted { ($0.start, $0.name) < ($1.start, $1.name) }
            .map { span in
                let words = [span.parentID.flatMap { names[$0] } ?? "-", span.name].joined(separator: "/")
                return [words, span.attributes["error.type"]?.string].compactMap(\.self).joined(separator: " ")
            }
    }

    @Test("Its spans are the model's answers and the tool calls, each where and when it was")
    func tree() async throws {
        let (scene, end) = try await run()
        let spans = try scene.receiver.spans(ofTrace: end.traceID)
        let (session, agent) = ("invoke_agent claude-code/", "execute_tool Agent/")
        let chat = "chat claude-opus-5-5"
        #expect(
            tree(spans).sorted()
                == [
                    session + chat, session + "execute_tool Bash", session + "execute_tool Bash",
                    session + "execute_tool Read tool_error", session + "execute_tool Glob", session + chat,
                    session + "execute_tool WebFetch permission_denied", session + chat, session + "execute_tool Agent",
                    agent + chat, agent + "execute_tool Bash", agent + chat, session + chat,
                ].sorted()
        )
        let chats = spans.filter { $0.name == chat }.sorted { $0.start < $1.start }
        let answers = try scene.model.answers.filter { $0["fault"] == .null }
        #expect(answers.count == 6 && chats.count == 6)
        for (span, answer) in zip(chats, answers) {
            // The model noted when its answer began, some time after the request came: while the span lasted.
            let began = answer["began"].number ?? 0
            #expect(Double(span.start) / 1e9 < began && began < Double(span.end) / 1e9, "\(span) \(answer)")
            if let id = span.attributes["gen_ai.response.id"] { #expect(id == answer["id"]) }
            #expect(span.kind == "SPAN_KIND_CLIENT")
            #expect(span.attributes["gen_ai.usage.input_tokens"] == 4700)
        }
        #expect(chats[1].events == ["api_retry"])
        let denied = try #require(spans.first { $0.name == "execute_tool WebFetch" })
        #expect(denied.events == ["permission_denied"] && denied.isError)
        let bash = spans.filter { $0.name == "execute_tool Bash" }.sorted { $0.start < $1.start }
        #expect(bash[0].end <= bash[1].start, "commands of one answer run one after the other")
        #expect(bash.allSatisfy { $0.attributes["gen_ai.tool.call.id"]?.string?.hasPrefix("toolu_") == true })
        for span in spans {
            guard let parent = spans.first(where: { $0.spanID == span.parentID }) else { continue }
            #expect(parent.start <= span.start && span.end <= parent.end, "\(span.name) is not within \(parent.name)")
        }
        #expect(!spans.contains { $0.attributes.keys.contains { $0.hasPrefix("gen_ai.tool.call.arg") } })
    }

    @Test("Content goes into the spans only with the switch, cut and without secrets")
    func content() async throws {
        let (scene, end) = try await run(["--capture-content", "--content-limit", "60"])
        let spans = try scene.receiver.spans(ofTrace: end.traceID)
        let session = try #require(spans.first { $0.name == "invoke_agent claude-code" })
        let prompt = try #require(session.attributes["gen_ai.input.messages"]?.string)
        #expect(prompt.hasPrefix(#"[{"parts":[{"content":"/ktask "#) && prompt.contains("more characters)"))
        let bash = try #require(spans.filter { $0.name == "execute_tool Bash" }.min { $0.start < $1.start })
        #expect(bash.attributes["gen_ai.tool.call.arguments"]?.string?.contains("token=[redacted]") == true)
        #expect(bash.attributes["gen_ai.tool.call.result"] == "token=[redacted]")
        let texts = spans.compactMap { $0.attributes["gen_ai.output.messages"]?.string }
        #expect(texts.contains { $0.contains("Several at once.") })
        let all = try scene.receiver.requests("traces", containing: try #require(end.traceID))
        #expect(!all.contains { String(describing: $0).contains("sk-ant-api03") }, "a secret left")
    }

    @Test("The spans of an agent that still works have left")
    func live() async throws {
        let scene = try await Scene(Turn.runs("echo one"), .isBusy)
        // The program's own delay, not that of these tests.
        let program = try scene.start(environment: ["OTEL_BSP_SCHEDULE_DELAY": ""])
        try await scene.isBusy()
        let trace = try await eventually("the attempt to be in the journal") {
            try await scene.place.journal().first?["trace_id"].string
        }
        _ = try await eventually("the first tool's span to arrive") {
            try scene.receiver.spans(ofTrace: trace).contains { $0.name == "execute_tool Bash" } ? true : nil
        }
        program.send(signal: SIGINT)
        #expect(try await program.end().code == 130)
        let spans = try scene.receiver.spans(ofTrace: trace)
        // It is cut off, or the agent still told that it was.
        #expect(spans.contains { $0.name == "execute_tool Bash" && $0.isError }, "\(spans.map(\.name))")
    }

    @Test("A run that is killed has a whole trace after the next start, here and at the collector")
    func killed() async throws {
        let scene = try await Scene(Turn.runs("echo one"), .isBusy)
        let program = try scene.start()
        try await scene.isBusy()
        program.send(signal: SIGKILL)
        #expect(try await program.end().isBySignal)
        let attempt = try #require(try await scene.place.journal().first)
        let reaped = try await scene.command("reap")
        #expect(reaped.code == 0, "\(reaped.output)\(reaped.errors)")
        let spans = try scene.receiver.spans(ofTrace: attempt["trace_id"].string)
        let root = try #require(spans.first { $0.name == "orchestrator.task" })
        #expect(root.isError && root.attributes["error.type"] == "process_killed")
        let tools = spans.filter { $0.name == "execute_tool Bash" }.sorted { $0.start < $1.start }
        #expect(tools.map { $0.attributes["error.type"] } == [nil, "process_killed"])
        #expect(spans.allSatisfy { span in span.parentID.map { id in spans.contains { $0.spanID == id } } ?? true })
        let run = try #require(attempt["run_id"].string)
        let file = try String(contentsOfFile: "\(scene.place.state)/runs/\(run)/trace.jsonl", encoding: .utf8)
        for span in spans { #expect(file.contains(span.spanID), "\(span.name) is not in the local record") }
    }

    @Test("The agent's own telemetry joins the trace, and commands see the span of their call")
    func agentTelemetry() async throws {
        let scene = try await Scene(Turn.runs("env >/workspace/seen"), .complete)
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] File `seen` exists\n")
        let headers = ["OTEL_EXPORTER_OTLP_HEADERS": "x-key=only-for-the-program"]
        let end = try await scene.run(plan: plan, ["--agent-telemetry"], environment: headers)
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect((end.output + end.errors).contains("goes without OTEL_EXPORTER_OTLP_HEADERS"))
        let spans = try await eventually("the agent's spans to arrive") {
            let spans = try scene.receiver.spans(ofTrace: end.traceID)
            return spans.contains { $0.name == "claude_code.tool.execution" } ? spans : nil
        }
        let session = try #require(spans.first { $0.name == "invoke_agent claude-code" })
        let interaction = try #require(spans.first { $0.name == "claude_code.interaction" })
        #expect(interaction.parentID == session.spanID)
        #expect(interaction.resource["orchestrator.run.id"]?.string == end.runID)
        let execution = try #require(spans.first { $0.name == "claude_code.tool.execution" })
        let seen = try await scene.container.shell("cat /workspace/seen").output
        #expect(seen.contains("TRACEPARENT=00-\(execution.traceID)-\(execution.spanID)-0"), "\(seen)")
        #expect(!seen.contains("only-for-the-program"))
        // Both have the tool call; ours says where it is from, and can be left out.
        let ours = try #require(spans.first { $0.name == "execute_tool Bash" })
        #expect(ours.attributes["orchestrator.span.source"] == "agent_stream")
        let alone = try await scene.run(plan: plan, ["--no-session-spans"])
        let left = try scene.receiver.spans(ofTrace: alone.traceID)
        #expect(!left.isEmpty && !left.contains { $0.name.hasPrefix("execute_tool") || $0.name.hasPrefix("chat") })
    }
}
