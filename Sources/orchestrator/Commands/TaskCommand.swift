import ArgumentParser
import Foundation
import Runner

/// `orchestrator task`: one attempt at one task.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Run one task of a plan with a coding agent in a sandbox, and check what it did.",
        discussion: """
            The plan, the task, the sandbox, the agent and its credential are looked at first; only then is money spent.
            Settings come from the flags here, else from the environment (ORCHESTRATOR_MAX_TURNS, …), else from
            orchestrator.yaml, else from the defaults. A bare number of time is seconds.

            Examples:
              orchestrator task TestPlans/hello_world.md 1.1
              orchestrator task plan.md 2.3 --timeout 30m --max-cost 2 --fix 2 --guidance 'Keep the old API.'
              orchestrator task plan.md 2.3 --json | jq '{status, verdict, cost_usd}'
              orchestrator task plan.md 2.3 --notify-command 'echo "$ORCHESTRATOR_TASK_ID: $ORCHESTRATOR_STATUS" >>log'
              orchestrator task TestPlans/hello_world.md 1.1 --sandbox local --workspace /tmp/w \\
                --agent replay:TestPlans/recordings/hello_world.jsonl
            """
    )

    @Argument(help: "The Markdown plan.", completion: .file(extensions: ["md", "markdown"]))
    var plan: String

    @Argument(help: "The task's id, such as 1.1.")
    var taskID: String

    @Option(name: .shortAndLong, help: "Additional guidance for the agent.")
    var guidance: String?

    @OptionGroup
    var flags: SettingsFlags

    @OptionGroup(title: "Output")
    var output: OutputFlags

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: flags, environment: environment)
            var random = SystemRandomNumberGenerator()
            let order = AttemptOrder(
                planFile: plan,
                taskID: taskID,
                sandbox: settings.makeSandbox(environment: environment),
                workspace: settings.workspace,
                agent: settings.makeAgent(environment: environment),
                options: settings.taskOptions(guidance: guidance),
                identity: RunIdentity(random: &random)
            )
            // What is missing is told before anything is made or looked after.
            let preparation = try await order.prepare()
            let workshop = try await Workshop(settings: settings, environment: environment, output: output)
            return try await workshop.carryOut(order, preparation)
        }
    }
}
