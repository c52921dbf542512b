import Foundation
import Testing

@Suite("Before any money is spent", .timeLimit(.minutes(2)))
struct PreflightTests {
    @Test("A plan that is not there is named")
    func noPlan() async throws {
        try await Refusal.check(["task", "no/such/plan.md", "1.1"], code: 65, says: ["no/such/plan.md"])
        try await Refusal.check(["plan", "no/such/plan.md"], code: 65, says: ["no/such/plan.md"])
    }

    @Test("A task that is not in the plan is named with those that are")
    func noTask() async throws {
        try await Refusal.check(
            ["task", Equipment.plan("health_check.md"), "9.9"],
            code: 65,
            says: ["9.9", "health_check.md", "1.1, 1.2 and 1.3"]
        )
    }

    @Test("Ids that occur twice are told with both lines")
    func duplicates() async throws {
        let place = try Place(collector: nil)
        let text = "# M\n\n## Task 1.1: A\n\n**Acceptance Criteria:**\n- [ ] a\n\n## Task 1.1: B\n\n"
        let plan = try place.write(text + "**Acceptance Criteria:**\n- [ ] b\n", to: "plan.md")
        try await Refusal.check(["task", plan, "1.1"], code: 65, says: ["\(plan):8:", "line 3", "1.1"], in: place)
    }

    @Test("Without a Docker daemon the failure says how to start it")
    func noDaemon() async throws {
        let place = try Place(collector: nil)
        let host = "unix://\(place.directory)/no.sock"
        try await Refusal.check(
            Refusal.task,
            environment: Refusal.key.merging(["DOCKER_HOST": host]) { $1 },
            code: 69,
            says: ["Docker daemon", "start docker"],
            in: place
        )
    }

    @Test("Without a Docker client the failure names the package")
    func noClient() async throws {
        let environment = Refusal.key.merging(["PATH": "/no/such/directory"]) { $1 }
        try await Refusal.check(Refusal.task, environment: environment, code: 69, says: ["docker", "docker.io"])
    }

    @Test("Without a container the failure names it and `make sandbox`")
    func noContainer() async throws {
        let name = "no-such-container-\(UUID().uuidString)"
        let arguments = Refusal.task + ["--container", name]
        try await Refusal.check(arguments, environment: Refusal.key, code: 69, says: [name, "make sandbox"])
    }

    @Test("A stopped container is told from one that is not there")
    func stopped() async throws {
        let container = try await Container(isRunning: false)
        let arguments = Refusal.task + ["--container", container.name]
        let words = [container.name, "stopped", "docker start \(container.name)"]
        try await Refusal.check(arguments, environment: Refusal.key, code: 69, says: words)
        try await container.remove()
    }

    @Test("A container without the agent is told, with the way out")
    func noAgent() async throws {
        let container = try await Container(options: ["--env", "PATH=/bin"])
        let arguments = Refusal.task + ["--container", container.name]
        let words = ["Claude Code", "claude", "make sandbox"]
        try await Refusal.check(arguments, environment: Refusal.key, code: 69, says: words)
        try await container.remove()
    }

    @Test("A missing credential is told with the variables that hold one", arguments: [nil, ""])
    func noCredential(_ key: String?) async throws {
        let container = try await Container()
        let arguments = Refusal.task + ["--container", container.name]
        let words = ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"]
        let environment = key.map { ["ANTHROPIC_API_KEY": $0] } ?? [:]
        try await Refusal.check(arguments, environment: environment, code: 69, says: words)
        try await container.remove()
    }

    @Test("Without bubblewrap the failure names the package and --sandbox none")
    func noBubblewrap() async throws {
        let place = try Place(collector: nil)
        let arguments = ["--sandbox", "local", "--workspace", place.workspace]
        try await Refusal.check(
            Refusal.task + arguments + ["--agent", Equipment.replay("hello_world")],
            environment: ["PATH": place.workspace],
            code: 69,
            says: ["bubblewrap", "apt-get install bubblewrap", "--sandbox none"],
            in: place
        )
    }

    @Test("A recording that is not there is named")
    func noRecording() async throws {
        let place = try Place(collector: nil)
        let arguments = ["--sandbox", "local", "--workspace", place.workspace, "--agent", "replay:no/such.jsonl"]
        try await Refusal.check(Refusal.task + arguments, code: 69, says: ["no/such.jsonl"], in: place)
    }

    @Test("A state directory that cannot be made is named, in words for people", arguments: ["local", "none"])
    func noState(_ sandbox: String) async throws {
        let place = try Place(collector: nil)
        let file = try place.write("", to: "file")
        let arguments = ["--sandbox", sandbox, "--workspace", place.workspace, "--agent"]
        let environment = ["ORCHESTRATOR_STATE_DIR": file + "/state"]
        let task = Refusal.task + arguments + [Equipment.replay("hello_world")]
        for form in [[], ["--json"]] {
            let end = try await place.run(task + form, environment: environment)
            #expect([64, 69].contains(end.code), "\(end.output)\(end.errors)")
            #expect(end.output == "")
            #expect(end.errors.contains(file), "\(end.errors)")
            #expect(!end.errors.contains("Error Domain") && !end.errors.contains("bug"), "\(end.errors)")
        }
    }

    @Test("A workspace that is not there is named")
    func noWorkspace() async throws {
        let place = try Place(collector: nil)
        let arguments = ["--sandbox", "local", "--workspace", "\(place.directory)/nowhere", "--agent"]
        let replay = Equipment.replay("hello_world")
        try await Refusal.check(Refusal.task + arguments + [replay], code: 69, says: ["nowhere"], in: place)
    }
}
