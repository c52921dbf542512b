import Foundation
import Testing

/// Real Claude Code in the suite's container, a scripted model that it talks to, and a user's place.
struct Scene: Sendable {
    let place: Place
    let scenario: String
    let model: Model
    let container: Container
    let receiver: Receiver
    /// The credential, of this scene alone, so that it can be looked for.
    let key = "sk-ant-test-\(UUID().uuidString)"

    /// Prepares one with an empty workspace.
    init(_ scenario: String) async throws {
        receiver = try await Receiver.shared
        place = try Place(collector: receiver.server.url)
        self.scenario = scenario
        model = try await Model(scenario, in: place)
        container = try #require(Container.current, "The suite lacks the container trait.")
        try await container.clear()
    }

    /// Prepares one whose model gives these answers.
    init(_ turns: Turn...) async throws {
        try await self.init(Turn.scenario(turns))
    }

    /// What a user sets for the agent.
    var environment: [String: String] {
        [
            "ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": model.server.url, "CLAUDE_CODE_MAX_RETRIES": "0",
            "ORCHESTRATOR_RETRIES": "0",
        ]
    }

    /// Starts task 1.1 of a plan, hello_world.md if none is named.
    func start(
        plan: String? = nil,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Program {
        try place.start(
            ["task", plan ?? Equipment.plan("hello_world.md"), "1.1", "--container", container.name] + more,
            environment: self.environment.merging(environment) { $1 }
        )
    }

    /// Runs task 1.1 of a plan, hello_world.md if none is named.
    func run(
        plan: String? = nil,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Program.End {
        try await start(plan: plan, more, environment: environment).end(within: .seconds(150))
    }

    /// Runs another command of the program, as the same user.
    func command(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.End {
        let all = self.environment.merging(environment) { $1 }
        return try await place.run(arguments, environment: all, within: .seconds(150))
    }

    /// Writes a plan with one task, 1.1, whose section has this text besides, and returns its path.
    func plan(_ section: String, name: String = "plan.md") throws -> String {
        let head = "# Test Milestone: Checks\n\n## Task 1.1: Do it\n\n**Description:**\nDo it.\n\n"
        return try place.write(head + section + "\n", to: name)
    }

    /// Waits until the model's Bash call of ``Turn/isBusy`` runs.
    func isBusy(_ file: String = "ready") async throws {
        _ = try await eventually("the Bash call to run") {
            try await container.shell("test -e /workspace/\(file)").code == 0 ? true : nil
        }
    }

    /// Looks with own eyes: nothing runs in the container, no client of it on this machine, and no attempt is open.
    func checkNothingLeft() async throws {
        #expect(try await container.strangers() == [], "something runs on")
        #expect(container.clients().isEmpty, "a docker client runs on")
        #expect(try await place.journal().filter { $0["ended_at"] == .null }.isEmpty, "an attempt is open")
        #expect(try await place.journalIsWhole())
    }
}
