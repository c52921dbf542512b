import ArgumentParser
import Foundation
import Runner

/// `orchestrator answer`: answers an agent's question, and goes on in its session.
struct AnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer an agent's question; its session goes on and carries the task to an outcome.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest. The answer is an option's letter or number,
            or your own words. The exit code is that of the task.

            Examples:
              orchestrator questions
              orchestrator answer 3f2a1c B
              orchestrator answer latest 'Use SQLite, one file a tenant.'
              orchestrator answer latest --recommended
            """
    )

    @Argument(help: "The run that asks.")
    var run: String

    @Argument(help: "An option's letter or number, or your own words.")
    var answer: String?

    @Flag(help: "Take what the agent recommends.")
    var recommended = false

    @Option(name: .shortAndLong, help: "Additional guidance for the agent.")
    var guidance: String?

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

    func validate() throws {
        if recommended == (answer != nil) {
            throw ValidationError("Give either an answer or --recommended.")
        }
    }

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let flags = try SettingsFlags(
                place: place,
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
            let words = answer.map { Answer.words($0) } ?? .recommended
            return try await workshop.carryOut(try await builder.answering(run, with: words))
        }
    }
}
