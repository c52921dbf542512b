import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator reap`: ends what killed runs have left running, and closes their attempts.
struct ReapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reap",
        abstract: "End what killed runs have left running, and close their attempts in the journal.",
        discussion: """
            Every command that works at a task does this first; runs that are alive are left alone. The exit code is 0 if
            nothing is left, and 69 if a sandbox could not be looked at or something still runs in it.

            Examples:
              orchestrator reap
              orchestrator reap --json | jq '.reaped[].run_id'
            """
    )

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let journal = try Journal(directory: settings.stateDirectory)
            let reaped = try await settings.makeReaper(journal, environment: environment).reap()
            let console = Console(environment: environment, isForProgram: json)
            if json {
                try console.printJSON(ReapListing(reaped))
            } else if reaped.isEmpty {
                console.print(line: "Nothing to reap: no run was killed.")
            } else {
                for attempt in reaped { console.print(attempt) }
            }
            if !reaped.isEmpty {
                // What killed runs left of their traces is closed and leaves, and the totals with their attempts.
                let telemetry = try await Telemetry(settings, journal: journal, environment: environment)
                await telemetry.drainSpool(atMost: settings.telemetryTimeout)
                _ = await telemetry.shutdown()
            }
            return reaped.allSatisfy { $0.obstacle == nil } ? .completed : .unavailable
        }
    }
}

/// What was reaped, as `--json` prints it.
struct ReapListing: Encodable {
    struct Attempt: Encodable {
        var runID: String
        var attempt: Int
        var taskID: String
        var isClosed: Bool
        var costUSD: Double?
        var isCostEstimated: Bool
        var processes: ProcessesFound
        var obstacle: String?

        enum CodingKeys: String, CodingKey {
            case runID = "run_id"
            case attempt
            case taskID = "task_id"
            case isClosed = "closed"
            case costUSD = "cost_usd"
            case isCostEstimated = "cost_estimated"
            case processes
            case obstacle
        }
    }

    var schemaVersion = 1
    var reaped: [Attempt]

    enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case reaped
    }

    init(_ reaped: [ReapedAttempt]) {
        self.reaped = reaped.map { entry in
            Attempt(
                runID: entry.attempt.runID,
                attempt: entry.attempt.number,
                taskID: entry.attempt.taskID,
                isClosed: entry.obstacle == nil,
                costUSD: entry.attempt.end?.costUSD,
                isCostEstimated: entry.attempt.end?.isCostEstimated ?? false,
                processes: ProcessesFound(entry.processes),
                obstacle: entry.obstacle
            )
        }
    }
}
