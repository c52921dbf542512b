import ArgumentParser
import Foundation
import Testing

@testable import orchestrator

@Suite("Settings")
struct SettingsTests {
    /// A configuration file of a test's own, gone with it.
    final class File: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString).yaml")
            .path

        init(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func settings(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        file: String = "{}"
    ) async throws -> Settings {
        let file = try File(file)
        var environment = environment
        environment["ORCHESTRATOR_CONFIG"] = file.path
        return try await Settings(flags: SettingsFlags.parse(arguments), environment: environment)
    }

    @Test("Without any source the defaults are those of the milestone document")
    func defaults() async throws {
        let settings = try await settings()
        #expect(settings.container == "ktrdr-sandbox")
        #expect(settings.workspace == "/workspace")
        #expect(settings.limits.maxTurns == 50)
        #expect(settings.limits.taskTimeout == .seconds(600))
        #expect(settings.allowedTools == ["Bash", "Read", "Write", "Edit", "Glob", "Grep"])
        #expect(settings.otlpEndpoint == "http://localhost:4317")
        #expect(settings.serviceName == "orchestrator")
        #expect(settings.stateDirectory == FileManager.default.currentDirectoryPath + "/state")
        #expect(settings.agent == .claude)
        #expect(settings.sandbox == .docker)
    }

    @Test("A flag wins over the environment, which wins over the file, which wins over the default")
    func precedence() async throws {
        let file = "max_turns: 7\nmodel: haiku\ntask_timeout: 2m\nsandbox_container: mine\n"
        let environment = ["ORCHESTRATOR_MAX_TURNS": "8", "ORCHESTRATOR_MODEL": "sonnet"]
        let settings = try await settings(["--max-turns", "9"], environment: environment, file: file)
        #expect(settings.limits.maxTurns == 9)
        #expect(settings.model == "sonnet")
        #expect(settings.limits.taskTimeout == .seconds(120))
        #expect(settings.container == "mine")
    }

    @Test("The variables of the milestone document are read")
    func milestoneVariables() async throws {
        let environment = [
            "ORCHESTRATOR_MAX_TURNS": "3", "ORCHESTRATOR_TASK_TIMEOUT": "90", "OTLP_ENDPOINT": "http://collector:4317",
        ]
        let settings = try await settings(environment: environment)
        #expect(settings.limits.maxTurns == 3)
        #expect(settings.limits.taskTimeout == .seconds(90))
        #expect(settings.otlpEndpoint == "http://collector:4317")
    }

    @Test("An empty variable is not set")
    func emptyVariable() async throws {
        let settings = try await settings(
            environment: ["ORCHESTRATOR_MAX_TURNS": "", "OTLP_ENDPOINT": ""],
            file: "max_turns: 7"
        )
        #expect(settings.limits.maxTurns == 7)
        #expect(settings.otlpEndpoint == "http://localhost:4317")
    }

    @Test(
        "Tools are a list in the file, or stand between commas",
        arguments: ["[Bash, Read]", "Bash, Read", "\"Bash,Read\""]
    )
    func tools(value: String) async throws {
        #expect(try await settings(file: "allowed_tools: \(value)").allowedTools == ["Bash", "Read"])
        let environment = ["ORCHESTRATOR_ALLOWED_TOOLS": "Bash,Read"]
        #expect(try await settings(environment: environment).allowedTools == ["Bash", "Read"])
    }

    @Test(
        "What cannot be used is refused by name",
        arguments: [
            ("max_turn: 7", "max_turn"), ("max_turns: none", "max_turns"), ("max_turns: 0", "max_turns"),
            ("max_turns: [1, 2]", "max_turns"), ("task_timeout: soon", "task_timeout"), ("sandbox: vm", "sandbox"),
            ("- a\n- b", "mapping"), ("agent: gpt", "agent"), ("a: [", "cannot be read"),
        ]
    )
    func refused(file: String, name: String) async throws {
        let error = await #expect(throws: SettingsError.self) { try await settings(file: file) }
        #expect(error?.message.contains(name) == true)
    }

    @Test("A file that is named but missing is refused")
    func missingFile() async {
        await #expect(throws: SettingsError.self) {
            try await Settings(
                flags: SettingsFlags.parse([]),
                environment: ["ORCHESTRATOR_CONFIG": "/nonexistent/orchestrator.yaml"]
            )
        }
    }

    @Test(
        "Times are read as people write them; a bare number is seconds",
        arguments: zip(
            ["90", "45s", "10m", "1h30m", "250ms", "1.5m", "2min", "0.5"],
            [90.0, 45, 600, 5400, 0.25, 90, 120, 0.5]
        )
    )
    func times(text: String, seconds: Double) {
        #expect(TimeSpan(text)?.duration == .seconds(seconds))
    }

    @Test("What is no time is none", arguments: ["", "0", "-5", "10 minutes", "m", "1d", "nan", "inf", "1e99", "5m-"])
    func noTimes(text: String) {
        #expect(TimeSpan(text) == nil)
    }
}
