import Foundation
import Testing

/// Real Claude Code in the suite's container, a scripted model that it talks to, and a user's place.
struct Scene: Sendable {
    let place: Place
    let model: Model
    let container: Container
    let receiver: Receiver
    /// The credential, of this scene alone, so that it can be looked for.
    let key = "sk-ant-test-\(UUID().uuidString)"

    /// Prepares one with an empty workspace.
    init(_ scenario: String) async throws {
        receiver = try await Receiver.shared
        place = try Place(collector: receiver.server.url)
        model = try await Model(scenario, in: place)
        container = try #require(Container.current, "The suite lacks the container trait.")
        try await container.clear()
    }

    /// What a user sets for the agent.
    var environment: [String: String] {
        ["ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": model.server.url, "CLAUDE_CODE_MAX_RETRIES": "0"]
    }

    /// Starts task 1.1 of hello_world.md.
    func start(_ more: [String] = [], environment: [String: String] = [:]) throws -> Program {
        try place.start(
            ["task", Equipment.plan("hello_world.md"), "1.1", "--container", container.name] + more,
            environment: self.environment.merging(environment) { $1 }
        )
    }

    /// Runs task 1.1 of hello_world.md.
    func run(_ more: [String] = [], environment: [String: String] = [:]) async throws -> Program.End {
        try await start(more, environment: environment).end()
    }
}

/// What is to come of a scenario, in every view of it.
struct Expected: Sendable {
    var code: Int32
    var status: String
    var cause: String
    /// What text and JSON must say of the reason.
    var error: String?
    /// What the agent claims.
    var claim: String?
    /// All tokens of one attempt, as the script has them; nil where part of an answer counts.
    var tokens: Int?
    var cost: Double?
}

extension Scene {
    /// Runs the scenario for a person and for a program, and looks at all that is told of both.
    func check(_ expected: Expected, _ more: [String] = [], environment: [String: String] = [:]) async throws {
        let text = try await run(more, environment: environment)
        let program = try await run(more + ["--json"], environment: environment)
        let json = try program.json
        checkText(text, expected)
        #expect(program.code == expected.code)
        checkJSON(json, expected)
        try checkSpans([text.traceID, program.traceID], expected, json: json)
        try checkTotals(try receiver.totals(ofTrace: text.traceID), expected, json: json)
        try await checkJournal(expected, json: json)
        #expect(try await container.strangers() == [], "something runs on")
    }

    private func checkText(_ text: Program.End, _ expected: Expected) {
        #expect(text.code == expected.code, "\(text.output)\(text.errors)")
        #expect(text.output.contains("] Task 1.1: \(expected.status.uppercased()) ("), "\(text.output)")
        if let error = expected.error { #expect(text.output.contains("Error: \(error)"), "\(text.output)") }
        #expect(text.output.contains("Error:") == (expected.status == "failed"))
        #expect(!text.output.contains(key) && !text.errors.contains(key))
        #expect(text.runID != nil && text.traceID != nil)
    }

    private func checkJSON(_ json: JSON, _ expected: Expected) {
        #expect(json["exit_code"].number == Double(expected.code))
        #expect(json["status"] == .string(expected.status))
        #expect(json["cause"] == .string(expected.cause))
        #expect(json["claim"].string == expected.claim)
        #expect((json["error"].string ?? "").hasPrefix(expected.error ?? ""), "\(json["error"])")
        #expect((json["error"] != .null) == (expected.status == "failed"))
        #expect(json["replayed"] == false)
        if let tokens = expected.tokens { #expect(json["tokens_used"].number == Double(tokens)) }
        if let cost = expected.cost { #expect(abs((json["cost_usd"].number ?? -1) - cost) < 1e-9) }
        let kinds = ["input", "output", "cache_read", "cache_creation"].map { json["tokens"][$0].number ?? .nan }
        #expect(kinds.reduce(0, +) == json["tokens_used"].number)
    }

    private func checkSpans(_ traces: [String?], _ expected: Expected, json: JSON) throws {
        for trace in traces {
            let spans = try receiver.spans(ofTrace: trace)
            let root = try #require(spans.first { $0.name == "orchestrator.task" })
            let agent = try #require(spans.first { $0.name == "invoke_agent claude-code" })
            #expect(spans.count(where: { $0.name == "orchestrator.task" }) == 1)
            #expect(root.resource["service.name"] == "orchestrator")
            #expect(root.attributes["task.status"] == .string(expected.status))
            #expect(root.attributes["task.claim"]?.string == expected.claim)
            #expect(root.isError == (expected.status == "failed"))
            #expect(agent.isError == root.isError)
            #expect(agent.attributes["error.type"] == root.attributes["error.type"])
            #expect(root.attributes["error.type"]?.string == (root.isError ? expected.cause : nil))
            if let tokens = expected.tokens { #expect(root.attributes["claude.tokens"]?.number == Double(tokens)) }
            if let cost = expected.cost {
                #expect(abs((root.attributes["claude.cost_usd"]?.number ?? -1) - cost) < 1e-9)
            }
            #expect(root.attributes["claude.session_id"]?.string?.count == 36)
        }
        let last = try receiver.spans(ofTrace: traces.last ?? nil).first { $0.name == "orchestrator.task" }
        #expect(last?.attributes["claude.session_id"] == json["session_id"])
        #expect(last?.attributes["claude.tokens"] == json["tokens_used"])
    }

    private func checkTotals(_ totals: [String: Receiver.Point], _ expected: Expected, json: JSON) throws {
        for status in ["completed", "failed", "needs_human"] {
            let point = totals["orchestrator_tasks_total{status=\(status)}"]
            #expect(point?.value == (status == expected.status ? 2 : 0), "\(status)")
            #expect(point?.unit == "{task}")
        }
        if let tokens = expected.tokens {
            #expect(totals.sum("orchestrator_tokens_total") == Double(2 * tokens))
        }
        if let cost = expected.cost {
            #expect(abs(totals.sum("orchestrator_cost_usd_total") - 2 * cost) < 1e-9)
        }
        for model in json["models"].array {
            let name = model["model"].string ?? "?"
            #expect(totals["orchestrator_tokens_total{model=\(name),type=input}"]?.unit == "{token}")
            #expect(totals["orchestrator_cost_usd_total{model=\(name)}"]?.unit == "{USD}")
        }
    }

    private func checkJournal(_ expected: Expected, json: JSON) async throws {
        let attempts = try await place.journal()
        #expect(attempts.count == 2)
        for attempt in attempts {
            #expect(attempt["status"] == .string(expected.status))
            #expect(attempt["cause"] == .string(expected.cause))
            #expect(attempt["exit_code"].number == Double(expected.code))
            #expect(attempt["claim"].string == expected.claim)
            #expect(attempt["replayed"] == 0)
        }
        let last = try #require(attempts.last)
        #expect(last["run_id"] == json["run_id"])
        #expect(last["session_id"] == json["session_id"])
        let tokens = last["usage"].array.reduce(0) { sum, usage in
            ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"]
                .reduce(sum) { $0 + (usage[$1].number ?? .nan) }
        }
        #expect(tokens == json["tokens_used"].number)
    }
}
