import Foundation
import Testing

@Suite("Configuration", .timeLimit(.minutes(2)))
struct ConfigurationTests {
    /// Which sources set the turns, and the value that reaches the agent.
    static let sources: [(file: String?, variable: String?, flag: String?, effect: String)] = [
        (nil, nil, nil, "50"), ("7", nil, nil, "7"), ("7", "8", nil, "8"), ("7", "8", "9", "9"), (nil, "8", "9", "9"),
        ("7", nil, "9", "9"), ("7", "", nil, "7"),
    ]

    @Test(
        "Flags go before the environment, that before orchestrator.yaml, that before the defaults",
        arguments: sources.indices
    )
    func precedence(_ index: Int) async throws {
        let row = Self.sources[index]
        let agent = try StandIn()
        if let turns = row.file { try agent.place.write("max_turns: \(turns)\n", to: "orchestrator.yaml") }
        let end = try await agent.run(
            row.flag.map { ["--max-turns", $0] } ?? [],
            environment: row.variable.map { ["ORCHESTRATOR_MAX_TURNS": $0] } ?? [:]
        )
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try agent.argument(after: "--max-turns") == row.effect)
    }

    @Test("A bare number of time is seconds, wherever it stands", arguments: ["flag", "variable", "file", "old name"])
    func seconds(_ source: String) async throws {
        let agent = try StandIn("exec sleep 1000")
        var arguments: [String] = []
        var environment: [String: String] = [:]
        switch source {
        case "flag": arguments = ["--timeout", "1"]
        case "variable": environment["ORCHESTRATOR_TASK_TIMEOUT"] = "1"
        case "file": try agent.place.write("task_timeout: 1\n", to: "orchestrator.yaml")
        default: try agent.place.write("task_timeout_seconds: 1\n", to: "orchestrator.yaml")
        }
        let end = try await agent.run(arguments, environment: environment)
        #expect(end.code == 3)
        #expect(end.output.contains("The limit of time is reached: stopped after 1s."), "\(end.output)\(end.errors)")
    }

    @Test("Model, tools and guidance reach the agent; the key reaches it by environment alone")
    func request() async throws {
        let agent = try StandIn()
        try agent.place.write("allowed_tools: [Read, Grep]\nmodel: from-file\n", to: "orchestrator.yaml")
        let end = try await agent.run(["--model", "from-flag", "-g", "Be brief."])
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let arguments = try agent.given("arguments")
        #expect(arguments.contains("--model=from-flag"))
        #expect(arguments.contains("--allowedTools=Read,Grep"))
        #expect(arguments.contains("--strict-mcp-config"))
        #expect(try agent.argument(after: "--setting-sources") == "user")
        #expect(try agent.given("prompt").joined(separator: "\n").contains("Additional guidance: Be brief."))
        #expect(try agent.variable("ANTHROPIC_API_KEY") == "sk-ant-test")
        #expect(!arguments.contains { $0.contains("sk-ant") })
    }

    @Test("Another file can be named by ORCHESTRATOR_CONFIG")
    func otherFile() async throws {
        let agent = try StandIn()
        let file = try agent.place.write("max_turns: 11\n", to: "elsewhere/settings.yaml")
        try agent.place.write("max_turns: 12\n", to: "orchestrator.yaml")
        _ = try await agent.run(environment: ["ORCHESTRATOR_CONFIG": file])
        #expect(try agent.argument(after: "--max-turns") == "11")
    }

    @Test("A file that is empty, or holds comments alone, sets nothing", arguments: ["", "# nothing yet\n"])
    func emptyFile(_ text: String) async throws {
        let agent = try StandIn()
        try agent.place.write(text, to: "orchestrator.yaml")
        let end = try await agent.run()
        #expect(end.code == 0, "\(end.errors)")
    }

    @Test("Without ORCHESTRATOR_STATE_DIR everything lies in `state` of the current directory")
    func stateDirectory() async throws {
        let agent = try StandIn()
        let end = try await agent.run(environment: ["ORCHESTRATOR_STATE_DIR": ""])
        #expect(end.code == 0)
        #expect(end.output.contains("Stream: \(agent.place.directory)/state/runs/"), "\(end.output)")
    }
}
