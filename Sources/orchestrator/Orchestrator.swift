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
              orchestrator task plan.md 1.1 --json | jq '{status, verdict}'
              orchestrator verify plan.md 1.1              Run the checks of task 1.1, with no agent.
              orchestrator runs                            List what was done; show RUN tells all of one run.
              orchestrator costs --by task --since 7d      Sum up what was spent.
              orchestrator trace latest                    Show where the time of a run went, as a waterfall.
              orchestrator report latest                   Write a run as one HTML page.
              orchestrator questions                       List the questions that nobody has answered yet.
              orchestrator answer latest B                 Answer an agent's question, and go on.
              orchestrator bundle latest                   Pack a run for a bug report, without its secrets.
              orchestrator health                          Look at everything that a task needs.
              orchestrator watch                           Print what others send as OTLP, without a collector.
              orchestrator telemetry status                Show what the collector has not taken yet.

            Exit codes: 0 completed, 1 failed, 2 a person must answer, 3 stopped at a limit, 64 usage,
            65 plan or task unusable, 69 sandbox, agent or credential unavailable or the task at work already,
            70 a bug of ours, 129 hung up, 130 interrupted, 143 asked to end.
            """,
        version: "orchestrator \(version)",
        subcommands: [
            TaskCommand.self, PlanCommand.self, VerifyCommand.self, RunsCommand.self, ShowCommand.self,
            TraceCommand.self, ReportCommand.self, CostsCommand.self, QuestionsCommand.self, AnswerCommand.self,
            ResumeCommand.self, ReplayCommand.self, BundleCommand.self, ReapCommand.self, HealthCommand.self,
            TelemetryCommand.self, WatchCommand.self,
        ]
    )

    /// The version of the program, also `service.version`.
    static let version = "0.5.0"
}
