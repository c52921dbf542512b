import ArgumentParser

/// The flags that set what the environment and `orchestrator.yaml` can set too.
struct SettingsFlags: ParsableArguments {
    @Option(name: .shortAndLong, help: "The model; the agent's own default if not given.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Who does the work: claude, or replay:FILE for a recorded stream (default: claude).",
            valueName: "agent"
        )
    )
    var agent: AgentChoice?

    @Option(
        help: """
            How fast a recording is replayed: 1 in recorded time, 10 ten times as fast, 0 without waiting (default: 0).
            """
    )
    var replaySpeed: Double?

    @Option(help: "Where it is done: docker, local (bubblewrap) or none (default: docker).")
    var sandbox: SandboxChoice?

    @Option(help: "The container's name, for docker (default: ktrdr-sandbox).")
    var container: String?

    @Option(
        help: """
            The workspace: for docker its path inside the container (default: /workspace), else a directory of this \
            machine (default: the current one).
            """,
        completion: .directory
    )
    var workspace: String?

    @Option(help: "The limit of turns (default: 50).")
    var maxTurns: Int?

    @Option(help: "The limit of time, such as 90, 45s, 10m or 1h30m (default: 10m).")
    var timeout: TimeSpan?

    @Flag(help: "Load what the workspace has to configure the agent (.claude/settings.json, .mcp.json, …).")
    var trustWorkspace = false

    func validate() throws {
        if let replaySpeed, !(replaySpeed >= 0) { throw ValidationError("--replay-speed takes a number from 0 up.") }
        if let maxTurns, maxTurns < 1 { throw ValidationError("--max-turns takes a whole number from 1 up.") }
    }
}
