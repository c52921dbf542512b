import ArgumentParser
import Foundation
import Journal
import Runner
import SystemPackage

/// `orchestrator report`: a run as one page of HTML.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Write a run as one HTML page: outcome, checks, waterfall, cost, tools, changed files and last words.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest (the default); RUN.2 is its second attempt
            alone. The page needs nothing but itself: it loads nothing and may run no script but its own. Secrets are
            redacted as in a bundle, the file is readable by its owner only.

            Examples:
              orchestrator report latest --output report.html
              orchestrator report 3f2a1c --force && xdg-open orchestrator-report-*3f2a1c.html
            """
    )

    @Argument(help: "The run.")
    var run = "latest"

    @Option(
        name: .shortAndLong,
        help: "The file to write (default: orchestrator-report-RUNID.html in the current directory).",
        completion: .file(extensions: ["html"])
    )
    var output: String?

    @Flag(help: "Replace the file if it is there.")
    var force = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let record = try await RunRecord(matching: run, in: settings.existingJournal())
            let path = output ?? "orchestrator-report-\(record.runID).html"
            let file = try OutputFile(path: path, replaces: force, kind: "report")
            let secrets = KnownSecrets(
                environment: environment,
                others: [settings.outcome.notifyURL].compactMap(\.self)
            )
            let written = try await StopSignals.stoppable(making: "report") {
                let traces = try record.attempts.map {
                    try AttemptTrace(of: $0, stateDirectory: settings.stateDirectory)
                }
                let page = ReportPage(record, traces, known: secrets, madeAt: Date())
                let bytes = try await file.fill { _ = try $0.descriptor.writeAll(page.html.utf8) }
                return ReportWritten(runID: record.runID, path: path, bytes: bytes, redactions: page.redacted)
            }
            let console = Console(environment: environment, isForProgram: json)
            if json { try console.printJSON(written) } else { console.print(written) }
            return .completed
        }
    }
}

/// What became of a report, as it is told.
struct ReportWritten: Sendable, Encodable {
    var schemaVersion = 1
    var runID: String
    /// Where it is, as the user named it.
    var path: String
    var bytes: Int
    /// How many secrets were replaced.
    var redactions: Int

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case runID = "run_id"
        case path
        case bytes
        case redactions
    }
}

extension Console {
    /// Says where a report is, and what is to be known before it is passed on.
    func print(_ report: ReportWritten) {
        print(line: "Report:   \(report.path) (\(Self.bytes(report.bytes)))")
        let redacted = report.redactions == 0 ? "nothing was found" : Self.counted(report.redactions, "secret")
        print(line: "Redacted: \(redacted)")
        print(line: "Look through it before you pass it on: secrets that nobody could tell as such are in it still.")
    }
}
