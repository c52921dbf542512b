import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator health`: the preflight made visible.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Look at everything that a task needs, and print what was found as one JSON object.",
        discussion: """
            No model is asked and no money spent. The checks are sandbox, agent, credential, collector, journal and spool;
            each takes 10 s at most. The exit code is 0 if a task could run, and 1 if sandbox, agent, credential or
            journal fail. Collector and spool do not count, since tasks run without a collector; a check that is asked for
            with --check counts in any case.

            Examples:
              orchestrator health
              orchestrator health --check collector
              orchestrator health --sandbox local | jq -r .status
              orchestrator health | jq '.checks[] | select(.status == "failing") | .name, .detail, .remedy'
            """
    )

    @Option(
        name: .customLong("check"),
        help: ArgumentHelp("Make this check only, and count it; may be repeated.", valueName: "name")
    )
    var names: [HealthCheckName] = []

    @OptionGroup(title: "Sandbox")
    var place: PlaceFlags

    @OptionGroup(title: "Agent")
    var agent: AgentFlags

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let flags = try SettingsFlags(place: place, agent: agent)
            let settings = try await Settings(flags: flags, environment: environment)
            let names = HealthCheckName.allCases.filter { self.names.isEmpty || self.names.contains($0) }
            let report = try await HealthVisit(settings, environment: environment)
                .run(names, isByName: !self.names.isEmpty)
            return report.status == .ok ? .completed : .failed
        }
    }
}
