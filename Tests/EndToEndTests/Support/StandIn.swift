import Foundation

/// A shell script that stands for `claude` on PATH, where only what it is given matters: it writes down its arguments and
/// its environment, and then does what the test says.
struct StandIn: Sendable {
    let place: Place

    /// A session that completes its task at once.
    static let completes = """
        cat <<'END'
        {"type":"system","subtype":"init","session_id":"s","model":"m","claude_code_version":"9.9.9","tools":[]}
        {"type":"result","subtype":"success","is_error":false,"result":"STATUS: complete","num_turns":1,\
        "session_id":"s","total_cost_usd":0,"modelUsage":{}}
        END
        """

    /// Makes one whose script does what `body` says; `environment` is what the user sets besides.
    init(_ body: String = completes, collector: String? = nil, environment: [String: String] = [:]) throws {
        var environment = environment
        place = try Place(
            collector: collector ?? ClosedPort.shared.url,
            environment: ["ANTHROPIC_API_KEY": "sk-ant-test"]
        )
        let script = """
            #!/bin/sh
            [ "$1" = --version ] && echo '9.9.9 (Claude Code)' && exit
            printf '%s\\n' "$@" >"$HOME/arguments"
            env >"$HOME/environment"
            cat >"$HOME/prompt"
            # What the task asks for, so that its checks hold.
            echo 'print("Hello, World!")' >hello.py
            \(body)
            """
        let path = try place.write(script + "\n", to: "bin/claude")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        environment["PATH"] = place.directory + "/bin:" + (Equipment.base["PATH"] ?? "")
        more = environment
    }

    private let more: [String: String]

    /// Runs task 1.1 of a plan, hello_world.md if none is named, with no sandbox.
    func run(
        plan: String? = nil,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        within limit: Duration = .seconds(90)
    ) async throws -> Program.End {
        try await start(plan: plan, arguments, environment: environment).end(within: limit)
    }

    /// Starts the same.
    func start(
        plan: String? = nil,
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Program {
        try place.start(task(plan) + arguments, environment: more.merging(environment) { $1 })
    }

    /// Runs the same at a terminal (Tests/Support/terminal.py).
    func runAtTerminal(
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Program.End {
        try await Program(
            Equipment.python,
            ["\(Equipment.root)/Tests/Support/terminal.py", "--", Equipment.orchestrator] + task() + arguments,
            environment: place.environment.merging(more) { $1 }.merging(environment) { $1 },
            directory: place.directory,
            files: place.directory
        )
        .end()
    }

    /// Starts the same in a terminal whose screen can be looked at.
    func show(_ arguments: [String] = [], columns: Int = 100, rows: Int = 30) async throws -> Screen {
        let environment = place.environment.merging(more) { $1 }
        return try await Screen(place, task() + arguments, environment: environment, columns: columns, rows: rows)
    }

    private func task(_ plan: String? = nil) -> [String] {
        let plan = plan ?? Equipment.plan("hello_world.md")
        return ["task", plan, "1.1", "--sandbox", "none", "--workspace", place.workspace]
    }

    /// What the agent was given: `arguments`, `environment` or `prompt`.
    func given(_ what: String) throws -> [String] {
        try String(contentsOfFile: "\(place.directory)/home/\(what)", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The value that follows a flag.
    func argument(after flag: String) throws -> String? {
        let arguments = try given("arguments")
        return arguments.firstIndex(of: flag).flatMap { arguments.dropFirst($0 + 1).first }
    }

    /// The value of a variable.
    func variable(_ name: String) throws -> String? {
        try given("environment").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
