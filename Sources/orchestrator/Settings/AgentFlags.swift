import ArgumentParser

/// The flags that say who does the work.
struct AgentFlags: ParsableArguments {
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

    @Flag(help: "Load what the workspace has to configure the agent (.claude/settings.json, .mcp.json, …).")
    var trustWorkspace = false

    func validate() throws {
        if let replaySpeed, !(replaySpeed >= 0) { throw ValidationError("--replay-speed takes a number from 0 up.") }
    }
}
