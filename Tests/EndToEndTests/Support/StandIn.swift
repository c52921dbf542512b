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
            \(body)
            """
        let path = try place.write(script + "\n", to: "bin/claude")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        environment["PATH"] = place.directory + "/bin:" + (Equipment.base["PATH"] ?? "")
        more = environment
    }

    private let more: [String: String]

    /// Runs task 1.1 of hello_world.md with no sandbox.
    func run(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> Program.End {
        let task = ["task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "none"]
        return try await place.run(
            task + ["--workspace", place.workspace] + arguments,
            environment: more.merging(environment) { $1 }
        )
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
