import ArgumentParser
import Foundation
import Journal
import OTelSDK
import Runner
import Tracing

/// `orchestrator task`: one attempt at one task.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Run one task of a plan with a coding agent in a sandbox.",
        discussion: """
            The plan, the task, the sandbox, the agent and its credential are looked at first; only then is money spent.
            Settings come from the flags here, else from the environment (ORCHESTRATOR_MAX_TURNS, …), else from
            orchestrator.yaml, else from the defaults. A bare number of time is seconds.

            Examples:
              orchestrator task TestPlans/hello_world.md 1.1
              orchestrator task plan.md 2.3 --timeout 30m --max-turns 100 --guidance 'Keep the old API.'
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

    @OptionGroup(title: "Settings")
    var flags: SettingsFlags

    @Flag(help: "Print one JSON object on standard output instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: flags, environment: environment)
            let console = Console(environment: environment, isQuiet: json)
            let sandbox = settings.makeSandbox(environment: environment)
            let agent = settings.makeAgent(environment: environment)
            let preparation = try await TaskPreparation(planFile: plan, taskID: taskID, sandbox: sandbox, agent: agent)

            let journal = try Journal(directory: settings.stateDirectory)
            let telemetry = try await Telemetry(settings, journal: journal, environment: environment)
            let stops = await StopSignals.stream(onStop: { console.printStopping($0) })
            console.printStart(preparation, trustsWorkspace: flags.trustWorkspace)
            let runner = TaskRunner(
                sandbox: sandbox,
                agent: agent,
                journal: journal,
                stateDirectory: settings.stateDirectory,
                tracer: telemetry.tracer,
                clock: ContinuousClock()
            )
            var random = SystemRandomNumberGenerator()
            let result = try await runner.run(
                preparation,
                options: settings.taskOptions(guidance: guidance),
                identity: RunIdentity(random: &random),
                parent: telemetry.parentContext,
                stops: stops
            )
            try console.print(result, asJSON: json)
            let report = await telemetry.shutdown()
            console.print(report, endpoint: telemetry.endpoint, stateDirectory: settings.stateDirectory)
            return result.exitCode
        }
    }
}
