import Foundation
import Testing

@Suite("A person at the terminal", .serialized, .container, .timeLimit(.minutes(5)))
struct PersonTests {
    private static let turns: [Turn] = [.asks, .writesHello, .complete]
    private static let prompt = "Enter leaves it open): "

    /// Starts a command of the program at a terminal (Tests/Support/terminal.py), where lines are typed.
    private func start(
        _ scene: Scene,
        _ arguments: [String],
        typing lines: [(text: String, line: String)] = [],
        environment: [String: String] = [:]
    ) throws -> Program {
        let typed = lines.flatMap { ["--type", $0.text, $0.line] }
        return try Program(
            Equipment.python,
            ["\(Equipment.root)/Tests/Support/terminal.py"] + typed + ["--", Equipment.orchestrator] + arguments
                + ["--container", scene.container.name],
            environment: scene.place.environment.merging(scene.environment) { $1 }.merging(environment) { $1 },
            directory: scene.place.directory,
            files: scene.place.directory
        )
    }

    @Test("Is asked at once, and the answer carries the task on to its outcome")
    func asked() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let program = try start(scene, Refusal.task, typing: [(Self.prompt, "b")])
        let end = try await program.end(within: .seconds(150))
        #expect(end.code == 0, "\(end.output)")
        let words = "Your answer (A to C, or your own words, R for what it recommends; "
        #expect(end.output.contains(words), "\(end.output)")
        #expect(end.output.contains(/Task 1\.1: \S*COMPLETED/), "\(end.output)")
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["status"] } == ["needs_human", "completed"])
        #expect(attempts.last?["answer"] == "B) JSON")
        try await scene.checkNothingLeft()
    }

    @Test("May leave it open, with Enter, and it is answered later")
    func leavesOpen() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let end = try await start(scene, Refusal.task, typing: [(Self.prompt, "")]).end(within: .seconds(150))
        #expect(end.code == 2, "\(end.output)")
        #expect(end.output.contains("The question stays open"), "\(end.output)")
        #expect(try await scene.place.journal().count == 1)
        #expect(try await scene.command("answer", "latest", "--recommended").code == 0)
    }

    @Test(
        "Is not asked when told not to, in CI, and for a program",
        arguments: [(["--no-ask"], [:]), (["--json"], [:]), (["--events"], [:]), ([], ["CI": "true"])]
    )
    func notAsked(_ flags: [String], _ environment: [String: String]) async throws {
        let scene = try await Scene(.asks)
        let end = try await start(scene, Refusal.task + flags, environment: environment).end(within: .seconds(150))
        #expect(end.code == 2, "\(end.output)")
        #expect(!end.output.contains("Your answer"))
    }

    @Test("Closes the terminal: the agent and all that it has started end, and it is recorded as hung up")
    func closed() async throws {
        let scene = try await Scene(.runs("setsid sleep 4321 & touch ready; while :; do sleep 1; done"))
        let program = try start(scene, Refusal.task)
        try await scene.isBusy()
        program.send(signal: SIGUSR1)
        #expect(try await program.end().code == 129)
        let attempt = try #require(try await scene.place.journal().first)
        #expect(attempt["cause"] == "hung_up")
        #expect(attempt["exit_code"] == 129)
        #expect(attempt.tokens >= Double(Turn.tokens))
        try await scene.checkNothingLeft()
    }

    @Test("Presses Ctrl-C: the same, as interrupted")
    func controlC() async throws {
        let scene = try await Scene(.isBusy)
        let program = try start(scene, Refusal.task, typing: [("Invoking Claude Code", "")])
        try await scene.isBusy()
        // The terminal's own interrupt key reaches the whole foreground group, docker's client included.
        let group = try #require(try await foreground(of: program))
        kill(-group, SIGINT)
        let end = try await program.end()
        #expect(end.code == 130, "\(end.output)")
        #expect(end.output.contains(/Stopped \d+ process(es)? \(.*\); none is left\./), "\(end.output)")
        #expect(try await scene.place.journal().map { $0["cause"] } == ["interrupted"])
        try await scene.checkNothingLeft()
    }

    /// The foreground group of the terminal that a program has made: that of its only child.
    private func foreground(of program: Program) async throws -> Int32? {
        let path = "/proc/\(program.identifier)/task/\(program.identifier)/children"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: " ").first.flatMap { Int32($0) }
    }
}
