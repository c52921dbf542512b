import ArgumentParser
import Foundation
import Runner

/// `orchestrator resume`: goes on with an attempt that was interrupted, parked or failed, in its own session.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with an interrupted, parked or failed attempt in the agent's own session.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest. The limits are those that are set now. An
            attempt that our checks contradicted is resumed with what they found. The exit code is that of the task.

            Examples:
              orchestrator resume latest --timeout 30m
              orchestrator resume 3f2a1c --guidance 'The tests need Python 3.12.'
              orchestrator resume latest --wait
            """
    )

    @Argument(help: "The run to go on with.")
    var run: String

    @Option(name: .shortAndLong, help: "Additional guidance for the agent.")
    var guidance: String?

    @OptionGroup(title: "Agent")
    var agent: AgentFlags

    @OptionGroup(title: "Sandbox")
    var place: PlaceFlags

    @OptionGroup(title: "Limits")
    var limits: LimitFlags

    @OptionGroup(title: "Checks")
    var checks: CheckFlags

    @OptionGroup(title: "Checks")
    var fix: FixFlags

    @OptionGroup(title: "Outcome")
    var outcome: OutcomeFlags

    @OptionGroup(title: "Trace")
    var trace: TraceFlags

    @OptionGroup(title: "Output")
    var output: OutputFlags

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let flags = try SettingsFlags(
                place: place,
                agent: agent,
                limits: limits,
                checks: checks,
                fix: fix,
                outcome: outcome,
                trace: trace
            )
            let settings = try await Settings(flags: flags, environment: environment)
            // Where nothing was done yet, nothing is made.
            _ = try settings.existingJournal()
            let workshop = try await Workshop(settings: settings, environment: environment, output: output)
            let builder = ContinuationBuilder(workshop, place: place, guidance: guidance)
            return try await workshop.carryOut(try await builder.resuming(run))
        }
    }
}
