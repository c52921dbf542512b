import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator costs`: what was spent.
struct CostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "costs",
        abstract: "Sum up what attempts have cost and which tokens they used.",
        discussion: """
            By the agent's own count, sub-agents included, resumed sessions counted once; replays are left out. ~ marks sums
            with an estimate in them: of attempts that were killed, or still run. Days are those of local time.

            Examples:
              orchestrator costs
              orchestrator costs --by task --since 7d
              orchestrator costs --by model --since 2026-11-01
              orchestrator costs --json | jq '.total.cost_usd'
            """
    )

    @Option(help: "Sum up by day, plan, task or model.")
    var by = CostGrouping.day

    @Option(help: ArgumentHelp("From then on: today, 2026-11-01, or so long ago (12h, 7d, 4w).", valueName: "time"))
    var since: PastTime?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let start = since?.date(now: Date())
            let costs = try await settings.existingJournal().costs(by: by, since: start, day: LocalDay.around)
            let listing = CostsListing(grouping: by, since: start, sums: costs.sums, total: costs.total)
            let console = Console(environment: environment)
            if json {
                try console.printJSON(listing)
            } else if listing.total.attempts == 0 {
                console.print(line: "Nothing was spent in this time.")
            } else {
                console.print(listing)
            }
            return .completed
        }
    }
}

extension CostGrouping: ExpressibleByArgument {}
