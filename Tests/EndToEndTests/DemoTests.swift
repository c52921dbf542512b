import Foundation
import Testing

@Suite("The demo: a recording in the local sandbox", .timeLimit(.minutes(2)))
struct DemoTests {
    @Test("It prints the milestone document's lines, writes a hello.py that runs, and exits 0")
    func text() async throws {
        let place = try Place(collector: try await Receiver.shared.server.url)
        let end = try await place.replay("hello_world")
        #expect(end.code == 0)
        #expect(end.errors == "")
        let expected = try Regex(
            #"""
            ^\[\d\d:\d\d:\d\d\] Task 1\.1: Create hello\.py
             {11}Invoking Claude Code\.\.\.
            \[\d\d:\d\d:\d\d\] Task 1\.1: COMPLETED \(\d+s, 3\.2k tokens, \$0\.02, replayed\)
            """#
        )
        #expect(end.output.contains(expected), "\(end.output)")
        let stream = try #require(end.output.firstMatch(of: /Stream: (.+)\n/)?.1)
        let recorded = try Data(contentsOf: URL(filePath: "\(Equipment.root)/TestPlans/recordings/hello_world.jsonl"))
        #expect(try Data(contentsOf: URL(filePath: String(stream))) == recorded)
        #expect(end.output.contains(/Telemetry: \d+ spans sent to http:/))

        let hello = try Program(
            Equipment.python,
            [place.workspace + "/hello.py"],
            environment: Equipment.base,
            directory: place.workspace,
            files: place.directory
        )
        #expect(try await hello.end().output == "Hello, World!\n")
    }

    @Test("The trace has the spans of the contract with their attributes")
    func trace() async throws {
        let receiver = try await Receiver.shared
        let place = try Place(collector: receiver.server.url)
        let end = try await place.replay("hello_world")
        let spans = try receiver.spans(ofTrace: end.traceID)
        #expect(
            spans.map(\.name).sorted()
                == [
                    "chat claude-opus-5-5", "chat claude-opus-5-5", "chat claude-opus-5-5", "execute_tool Bash",
                    "execute_tool Write", "invoke_agent claude-code", "orchestrator.check exists",
                    "orchestrator.check outputs",
                    "orchestrator.plan", "orchestrator.sandbox", "orchestrator.task", "orchestrator.verify",
                ]
        )
        let root = try #require(spans.first { $0.name == "orchestrator.task" })
        #expect(root.parentID == nil)
        let verify = try #require(spans.first { $0.name == "orchestrator.verify" })
        let agent = try #require(spans.first { $0.name == "invoke_agent claude-code" })
        for span in spans where span.spanID != root.spanID {
            let isOfAgent = span.name.hasPrefix("chat ") || span.name.hasPrefix("execute_tool ")
            let parent = span.name.hasPrefix("orchestrator.check ") ? verify : isOfAgent ? agent : root
            #expect(span.parentID == parent.spanID, "\(span.name)")
        }
        #expect(spans.allSatisfy { !$0.isError })
        #expect(root.resource["service.name"] == "orchestrator")
        #expect(root.resource["telemetry.sdk.name"] == "orchestrator-otel")
        #expect(root.resource["telemetry.sdk.language"] == "swift")
        let attributes = root.attributes
        #expect(attributes["task.id"] == "1.1")
        #expect(attributes["task.title"] == "Create hello.py")
        #expect(attributes["task.status"] == "completed")
        #expect(attributes["task.claim"] == "complete")
        #expect(attributes["task.verdict"] == "passed")
        #expect(attributes["task.attempt"] == 1)
        #expect(attributes["claude.tokens"] == 3200)
        #expect(attributes["claude.cost_usd"] == .number(0.01808))
        #expect(attributes["claude.session_id"] == "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01")
        #expect(attributes["plan.file"] == .string(Equipment.plan("hello_world.md")))
        #expect(attributes["milestone.id"]?.string?.isEmpty == false)
        try checkChildren(spans)
    }

    private func checkChildren(_ spans: [Receiver.Span]) throws {
        let plan = try #require(spans.first { $0.name == "orchestrator.plan" })
        #expect(plan.kind == "SPAN_KIND_INTERNAL")
        #expect(plan.attributes["plan.tasks"] == 1)
        let sandbox = try #require(spans.first { $0.name == "orchestrator.sandbox" })
        #expect(sandbox.attributes["sandbox.kind"] == "local")
        let agent = try #require(spans.first { $0.name == "invoke_agent claude-code" })
        #expect(agent.kind == "SPAN_KIND_CLIENT")
        #expect(agent.attributes["gen_ai.operation.name"] == "invoke_agent")
        #expect(agent.attributes["gen_ai.provider.name"] == "anthropic")
        #expect(agent.attributes["gen_ai.agent.name"] == "claude-code")
        #expect(agent.attributes["gen_ai.agent.version"] == "2.1.330")
        #expect(agent.attributes["gen_ai.conversation.id"] == "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01")
        #expect(agent.attributes["gen_ai.usage.output_tokens"] == 300)
        #expect(agent.attributes["gen_ai.usage.cache_read.input_tokens"] == 400)
        #expect(agent.attributes["gen_ai.usage.cache_creation.input_tokens"] == 2000)
        #expect(agent.attributes["process.exit.code"] == 0)
    }

    @Test("A replay is marked as such, and no total counts it")
    func totals() async throws {
        let receiver = try await Receiver.shared
        let place = try Place(collector: receiver.server.url)
        let result = try await place.replay("hello_world", ["--json"])
        #expect(try result.json["replayed"] == true)
        let totals = try receiver.totals(ofTrace: result.traceID)
        for status in ["completed", "failed", "needs_human"] {
            #expect(totals["orchestrator_tasks_total{status=\(status)}"]?.value == 0)
        }
        #expect(totals.sum("orchestrator_tokens_total") == 0)
        #expect(totals.sum("orchestrator_cost_usd_total") == 0)
        #expect(try await place.journal().map { $0["replayed"] } == [1])
    }

    @Test("JSON has Task 2.3's fields and the further ones, and nothing else is on standard output")
    func json() async throws {
        let place = try Place(collector: try await Receiver.shared.server.url)
        let end = try await place.replay("hello_world", ["--json"])
        #expect(end.code == 0)
        let json = try end.json
        #expect(
            json.keys.isSuperset(of: [
                "task_id", "status", "duration_seconds", "tokens_used", "cost_usd", "output", "session_id", "question",
                "options", "recommendation", "error", "cause", "exit_code", "claim", "replayed", "tokens", "models",
                "run_id", "trace_id", "stream",
            ])
        )
        #expect(json["task_id"] == "1.1")
        #expect(json["status"] == "completed")
        #expect(json["cause"] == "claimed_complete")
        #expect(json["claim"] == "complete")
        #expect(json["exit_code"] == 0)
        #expect(json["tokens_used"] == 3200)
        #expect(json["tokens"]["cache_read"] == 400)
        #expect(json["models"].array.first?["model"] == "claude-opus-5-5")
        #expect(json["question"] == .null)
        #expect(json["error"] == .null)
        let attempt = try #require(try await place.journal().first)
        #expect(attempt["run_id"] == json["run_id"])
        #expect(attempt["trace_id"] == json["trace_id"])
        #expect(attempt["stream"] == json["stream"])
        #expect(attempt["status"] == json["status"])
    }

    @Test("A question ends with code 2 and shows its options and the recommendation")
    func question() async throws {
        let receiver = try await Receiver.shared
        let place = try Place(collector: receiver.server.url)
        let text = try await place.replay("needs_human")
        #expect(text.code == 2)
        #expect(text.output.contains(/Task 1\.1: NEEDS_HUMAN \(/))
        #expect(text.output.contains("Question: Which format shall the greeting file have?"))
        #expect(text.output.contains(/A\) plain text\n +B\) JSON\n +C\) YAML\n/))
        #expect(text.output.contains("Recommendation: A, because"))
        let root = try receiver.spans(ofTrace: text.traceID).first { $0.name == "orchestrator.task" }
        #expect(root?.attributes["task.status"] == "needs_human")
        #expect(root?.isError == false)
        let result = try await place.replay("needs_human", ["--json"])
        #expect(result.code == 2)
        let json = try result.json
        #expect(json["status"] == "needs_human")
        #expect(json["cause"] == "question")
        #expect(json["question"] == "Which format shall the greeting file have?")
        #expect(json["options"] == .array(["plain text", "JSON", "YAML"]))
        #expect(json["recommendation"].string?.hasPrefix("A, because") == true)
    }

    @Test("A failure that the agent reports ends with code 1 and its reason")
    func failure() async throws {
        let receiver = try await Receiver.shared
        let place = try Place(collector: receiver.server.url)
        let text = try await place.replay("failed")
        #expect(text.code == 1)
        #expect(text.output.contains(/Task 1\.1: FAILED \(/))
        #expect(text.output.contains("Error: The agent reports that it failed: input/figures.csv does not exist"))
        let root = try receiver.spans(ofTrace: text.traceID).first { $0.name == "orchestrator.task" }
        #expect(root?.attributes["error.type"] == "claimed_failed")
        #expect(root?.isError == true)
        let result = try await place.replay("failed", ["--json"])
        #expect(result.code == 1)
        let error = try result.json["error"].string
        #expect(error?.hasPrefix("The agent reports that it failed: input/figures.csv does not exist") == true)
    }
}
