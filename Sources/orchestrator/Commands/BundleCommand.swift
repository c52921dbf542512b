import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator bundle`: packs a run for a bug report, with secrets redacted.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract:
            "Pack a run for a bug report: result, plan section, streams, traces and versions, with secrets redacted.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest; RUN.N is its attempt N alone. The archive
            has one directory with manifest.json, result.json, plan.md (the task's own section), and for each attempt
            stream.jsonl and trace.jsonl. Redacted are tokens of known shapes, credentials in headers and URLs, private
            keys, the values of names such as API_KEY and password, and the secret values of your environment; the
            manifest counts them by file. Nothing is sent anywhere.

            Examples:
              orchestrator bundle latest
              orchestrator bundle 3f2a1c --output /tmp/report.tar.gz --force
              orchestrator bundle latest --json | jq '{path, redactions}'
            """
    )

    @Argument(help: "The run.")
    var run: String

    @Option(
        name: .shortAndLong,
        help: "The file to write (default: orchestrator-bundle-RUNID.tar.gz in the current directory).",
        completion: .file(extensions: ["gz", "tgz"])
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
            let journal = try settings.existingJournal()
            let attempts = try await journal.run(matching: run)
            let path = output ?? "orchestrator-bundle-\(attempts.first?.runID ?? run).tar.gz"
            let archive = try BundleArchive(path: path, replaces: force, environment: environment)
            let bundler = Bundler(journal: journal, settings: settings, environment: environment)
            let report = try await StopSignals.stoppable(making: "bundle") {
                try await bundler.bundle(attempts, into: archive)
            }
            let console = Console(environment: environment, isForProgram: json)
            if json { try console.printJSON(report) } else { console.print(report) }
            return .completed
        }
    }
}
