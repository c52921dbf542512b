import ArgumentParser

/// The program: its commands, its version, its help.
@main
struct Orchestrator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orchestrator",
        abstract: "Run coding-agent tasks from a Markdown milestone plan in a sandbox, and trace every step.",
        discussion: """
            Examples:
              orchestrator plan plan.md                    List the tasks of a plan, and what is wrong with it.
              orchestrator task plan.md 1.1                Run task 1.1 with Claude Code in the container ktrdr-sandbox.
              orchestrator task plan.md 1.1 --timeout 30m --model opus --guidance 'Use SQLite.'
              orchestrator task plan.md 1.1 --json | jq .status
              orchestrator telemetry status                Show what the collector has not taken yet.

            Exit codes: 0 completed, 1 failed, 2 a person must answer, 3 stopped at a limit, 64 usage,
            65 plan or task unusable, 69 sandbox, agent or credential unavailable, 70 a bug of ours,
            130 interrupted, 143 asked to end.
            """,
        version: "orchestrator \(version)",
        subcommands: [TaskCommand.self, PlanCommand.self, TelemetryCommand.self]
    )

    /// The version of the program, also `service.version`.
    static let version = "0.3.0"
}
