import ArgumentParser
import Foundation
import Runner

/// `orchestrator show`: everything that is known of a run.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything that is known of a run on one page, with the agent's last words.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest; RUN.2 is its second attempt alone.

            Examples:
              orchestrator show latest
              orchestrator show 3f2a1c --json | jq '.attempts[-1].checks'
            """
    )

    @Argument(help: "The run.")
    var run: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let record = try await RunRecord(matching: run, in: settings.existingJournal())
            let console = Console(environment: environment)
            if json {
                try console.printJSON(RunListing(record))
            } else {
                console.print(record)
            }
            return .completed
        }
    }
}
