import ArgumentParser
import Foundation
import Journal
import OTelSDK
import Runner

/// `orchestrator telemetry`: what the collector has not acknowledged yet, and the way to send it now.
struct TelemetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Show or send the telemetry that the collector has not taken yet.",
        discussion: """
            What is not delivered at the end of a run waits in the spool of the state directory and leaves with the next
            run. So does what a killed run had recorded.

            Examples:
              orchestrator telemetry status
              orchestrator telemetry flush --timeout 1m
            """,
        subcommands: [TelemetryStatusCommand.self, TelemetryFlushCommand.self]
    )
}

/// `orchestrator telemetry status`: what waits; nothing is sent.
struct TelemetryStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what waits in the spool; nothing is sent."
    )

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let directory = Telemetry.spoolDirectory(settings)
            let spool = TelemetrySpool(directory: directory)
            let console = Console(environment: environment)
            if json {
                try console.printJSON(SpoolListing(spool, directory: directory))
            } else {
                console.print(spool, directory: directory)
            }
            return .completed
        }
    }
}

/// `orchestrator telemetry flush`: sends what waits, oldest first.
struct TelemetryFlushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Send what waits in the spool.",
        discussion: "The exit code is 0 if nothing is left, and 1 if the collector did not take all of it in time."
    )

    @Option(help: "How long it may take, such as 30s or 5m (default: 30s).")
    var timeout: TimeSpan?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let directory = Telemetry.spoolDirectory(settings)
            let journal = try Journal(directory: settings.stateDirectory)
            let telemetry = try await Telemetry(settings, journal: journal, environment: environment)
            await telemetry.drainSpool(atMost: timeout?.duration ?? .seconds(30))
            let report = await telemetry.shutdown()
            let left = TelemetrySpool(directory: directory)
            let console = Console(environment: environment)
            if json {
                try console.printJSON(FlushListing(report, left: left, endpoint: telemetry.endpoint))
            } else {
                console.print(report, left: left, endpoint: telemetry.endpoint)
            }
            return left.isWaiting ? .failed : .completed
        }
    }
}

extension TelemetrySpool {
    /// Whether something is there that this program could send.
    var isWaiting: Bool { requests > 0 || !killedProcesses.isEmpty }
}
