import Foundation
import Testing

@Suite(
    "Real Claude Code in a container, with a scripted model",
    .serialized,
    .container,
    .timeLimit(.minutes(5))
)
struct OutcomeTests {
    @Test("hello_world.md 1.1 is completed: hello.py runs, and every figure is the script's to the token")
    func helloWorld() async throws {
        let scene = try await Scene("hello_world")
        try await scene.check(
            Expected(
                code: 0,
                status: "completed",
                cause: "claimed_complete",
                claim: "complete",
                tokens: 3200,
                cost: 0.01808
            )
        )
        #expect(try await scene.container.shell("python /workspace/hello.py").output == "Hello, World!\n")
    }

    @Test("Three runs make the counter rise by one each, of one instance, from one start")
    func counters() async throws {
        let scene = try await Scene("hello_world")
        var starts: Set<String> = []
        var instances: Set<String> = []
        for run in 1...3 {
            let end = try await scene.run()
            let totals = try scene.receiver.totals(ofTrace: end.traceID)
            let completed = try #require(totals["orchestrator_tasks_total{status=completed}"])
            #expect(completed.value == Double(run))
            #expect(totals.sum("orchestrator_tokens_total") == Double(run * 3200))
            #expect(totals["orchestrator_tokens_total{model=claude-opus-5-5,type=input}"]?.value == Double(run * 500))
            #expect(
                totals["orchestrator_tokens_total{model=claude-opus-5-5,type=cache_creation}"]?.value
                    == Double(run * 2000)
            )
            // What the SDK tells about itself is of the process, not of the journal.
            starts.formUnion(totals.filter { $0.key.hasPrefix("orchestrator_") }.values.map(\.start))
            let instance = try #require(try scene.receiver.instance(ofTrace: end.traceID))
            instances.insert(instance)
        }
        #expect(starts.count == 1)
        #expect(instances.count == 1)
    }

    @Test("The sandbox's /ktask is expanded, with the task's own section")
    func taskCommand() async throws {
        let scene = try await Scene("hello_world")
        _ = try await scene.run(["--guidance", "Use single quotes."])
        let body = String(describing: try #require(try scene.model.requests.first)["body"]["messages"])
        #expect(body.contains("Do one task of a plan. The task stands at the end"))
        #expect(body.contains("Create a Python file that prints"))
        #expect(body.contains("Running `python hello.py` outputs"))
        #expect(body.contains("Use single quotes."))
        #expect(!body.contains("$ARGUMENTS"))
    }

    @Test("The sandbox's span names the container and its image")
    func sandboxSpan() async throws {
        let scene = try await Scene("ignore_task")
        let end = try await scene.run()
        let span = try #require(
            try scene.receiver.spans(ofTrace: end.traceID).first { $0.name == "orchestrator.sandbox" }
        )
        #expect(span.attributes["sandbox.kind"] == "docker")
        #expect(span.attributes["container.name"] == .string(scene.container.name))
        #expect(span.attributes["container.id"]?.string?.count == 64)
        #expect(span.attributes["container.image.name"] == .string(try Equipment.image))
    }

    @Test("A task's section of a megabyte reaches the model whole")
    func longPrompt() async throws {
        let scene = try await Scene("ignore_task")
        let filler = String(repeating: "All work and no play makes a dull plan, quoth it. ", count: 20_000)
        let text = "# M\n\n## Task 1.1: Long\n\n\(filler)\n\nThe very end.\n\n**Acceptance Criteria:**\n- [ ] a\n"
        let plan = try scene.place.write(text, to: "plan.md")
        let task = ["task", plan, "1.1", "--container", scene.container.name]
        let end = try await scene.place.run(task, environment: scene.environment)
        #expect(end.code == 1, "nothing was done: \(end.output)\(end.errors)")
        let messages = String(describing: try #require(try scene.model.requests.first)["body"]["messages"])
        #expect(messages.contains("The very end."))
        #expect(messages.utf8.count > 1_000_000)
    }

    @Test("A tool that prints 200 MB neither stops the task nor fills the stream")
    func flood() async throws {
        let scene = try await Scene(.runs("yes | head -c 200000000"), .writesHello, .complete)
        let end = try await scene.run(["--json"])
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["tokens_used"].number == Double(3 * Turn.tokens))
        #expect(json["changes"]["files"].array.map { $0["path"] } == ["hello.py"])
        let stream = try FileManager.default.attributesOfItem(atPath: try #require(json["stream"].string))
        #expect(try #require(stream[.size] as? Int) < 10_000_000)
        try await scene.checkNothingLeft()
    }

    /// Scenarios of the model, and what they must come to.
    static let scenarios: [(scenario: String, arguments: [String], expected: Expected)] = [
        (
            "ask", [],
            Expected(
                code: 2,
                status: "needs_human",
                cause: "question",
                claim: "needs_human",
                tokens: 4780,
                cost: 0.0215
            )
        ),
        (
            "fail", [],
            Expected(
                code: 1,
                status: "failed",
                cause: "claimed_failed",
                error: "The agent reports that it failed: input/figures.csv does not exist",
                claim: "failed",
                tokens: 9560,
                cost: 0.043
            )
        ),
        ("silent", [], Expected(code: 1, status: "failed", cause: "no_status", tokens: 4780, cost: 0.0215)),
        // After an empty answer Claude Code asks the model once more.
        ("empty", [], Expected(code: 1, status: "failed", cause: "no_status", tokens: 14340, cost: 0.0645)),
        (
            "ignore_task", [],
            Expected(
                code: 1,
                status: "failed",
                cause: "contradicted",
                error: "The agent claimed complete, and the checks say otherwise: File `hello.py` exists",
                claim: "complete",
                tokens: 4780,
                cost: 0.0215
            )
        ),
        ("break_off", [], Expected(code: 1, status: "failed", cause: "stream_broken")),
        (
            "max_turns", ["--max-turns", "3"],
            Expected(code: 3, status: "failed", cause: "turn_limit", tokens: 14340, cost: 0.0645)
        ),
        ("refusal", [], Expected(code: 1, status: "failed", cause: "model_refused")),
        ("max_tokens", [], Expected(code: 1, status: "failed", cause: "output_limit")),
        (
            "denied", [],
            Expected(
                code: 1,
                status: "failed",
                cause: "claimed_failed",
                error: "The agent reports that it failed: I may not fetch pages.",
                claim: "failed",
                tokens: 9560,
                cost: 0.043
            )
        ),
        ("status_400", [], Expected(code: 1, status: "failed", cause: "request_invalid", tokens: 0, cost: 0)),
        ("status_401", [], Expected(code: 69, status: "failed", cause: "credential_refused", tokens: 0, cost: 0)),
        ("status_403", [], Expected(code: 69, status: "failed", cause: "access_denied", tokens: 0, cost: 0)),
        ("status_429", [], Expected(code: 3, status: "failed", cause: "usage_limit", tokens: 0, cost: 0)),
        ("status_500", [], Expected(code: 1, status: "failed", cause: "model_error", tokens: 0, cost: 0)),
    ]

    @Test("Text, JSON, exit code, span, counter and journal all say the truth", arguments: scenarios.indices)
    func outcome(_ index: Int) async throws {
        let (scenario, arguments, expected) = Self.scenarios[index]
        try await Scene(scenario).check(expected, arguments)
    }
}
