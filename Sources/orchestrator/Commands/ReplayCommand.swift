import Agents
import ArgumentParser
import Foundation
import Journal
import Runner
import Sandbox

/// `orchestrator replay`: plays what a run's agent did into a scratch workspace, with no model.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a run from its journaled stream into a scratch workspace, with no model and no cost.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest; RUN.N is its attempt N alone with those
            before it. All attempts are played in order into one workspace, checked alike, and recorded as a run of their
            own that is marked as replayed and counts in no total. The exit code is that of the last attempt.

            Examples:
              orchestrator replay latest
              orchestrator replay 3f2a1c --replay-speed 10
              orchestrator replay latest --sandbox docker --workspace /tmp/replay
            """
    )

    @Argument(help: "The run.")
    var run: String

    @OptionGroup(title: "Sandbox")
    var place: PlaceFlags

    @OptionGroup(title: "Checks")
    var checks: CheckFlags

    @Option(help: "How fast: 1 in recorded time, 10 ten times as fast, 0 without waiting (default: 0).")
    var replaySpeed: Double?

    @OptionGroup(title: "Trace")
    var trace: TraceFlags

    @OptionGroup(title: "Output")
    var output: OutputFlags

    func validate() throws {
        if let replaySpeed, !(replaySpeed >= 0) { throw ValidationError("--replay-speed takes a number from 0 up.") }
    }

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            var place = place
            if place.sandbox == nil { place.sandbox = .local }
            var settings = try await Settings(
                flags: try SettingsFlags(place: place, checks: checks, trace: trace),
                environment: environment
            )
            settings.replaySpeed = replaySpeed ?? settings.replaySpeed
            // Whoever is notified of outcomes was told of this one.
            settings.outcome.notifyURL = nil
            settings.outcome.notifyCommand = nil
            // Where nothing was done yet, nothing is made.
            _ = try settings.existingJournal()
            let workshop = try await Workshop(settings: settings, environment: environment, output: output)
            let builder = ReplayBuilder(workshop, hasOwnWorkspace: place.workspace != nil)
            var code = ExitCode.completed
            for order in try await builder.orders(for: run) {
                code = try await workshop.carryOut(order)
            }
            return code
        }
    }
}
