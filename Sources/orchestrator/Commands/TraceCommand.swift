import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator trace`: a run's trace as a waterfall, from what is kept on this machine.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Show the trace of a run as a waterfall, from the local record, without any backend.",
        discussion: """
            RUN is a run's id, a unique part of its beginning or end, or latest (the default); RUN.2 is its second attempt
            alone. One line a span: the tree, the length of time, a bar on the scale of the attempt; ✘ marks errors. A span
            whose parent is not in the record stands at the top: ↗ if its parent is of another process, else ↖. The width
            is that of the terminal, else COLUMNS, else 100.

            Examples:
              orchestrator trace
              orchestrator trace 3f2a1c -v | less
              orchestrator trace latest --open
              orchestrator trace --json | jq '.attempts[-1].spans[] | .. | select(.status? == "error") | .name'
            """
    )

    @Argument(help: "The run.")
    var run = "latest"

    @Option(help: ArgumentHelp("Only this attempt of the run.", valueName: "n"))
    var attempt: Int?

    @Flag(
        name: [.customShort("v"), .customLong("events")],
        help: "Show events, links and the words of errors under their spans."
    )
    var showsEvents = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Flag(name: .customLong("open"), help: "Print where Jaeger shows the trace, and nothing else.")
    var printsLink = false

    @Option(
        help: """
            Where Jaeger is (ORCHESTRATOR_JAEGER_URL, jaeger_url; default http://localhost:16686).
            """
    )
    var jaegerURL: JaegerURL?

    func validate() throws {
        if json, printsLink {
            throw ValidationError("--json and --open exclude each other; jaeger_url is in the JSON.")
        }
        if json, showsEvents {
            throw ValidationError("--json and --events exclude each other; the JSON has all events.")
        }
    }

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let record = try await picked(from: RunRecord(matching: run, in: settings.existingJournal()))
            let console = Console(environment: environment)
            let jaeger = jaegerURL ?? settings.jaegerURL
            let traces = try record.attempts.map {
                try AttemptTrace(of: $0, stateDirectory: settings.stateDirectory)
            }
            if json {
                try console.printJSON(TraceListing(record, traces, jaeger: jaeger))
            } else if printsLink {
                for id in traces.compactMap(\.traceID) { console.print(line: jaeger.page(ofTrace: id)) }
            } else {
                let width = TerminalWidth.columns(environment: environment)
                console.print(record, traces, width: width, showsEvents: showsEvents)
            }
            return .completed
        }
    }

    /// The run with the attempt alone that is asked for.
    private func picked(from record: RunRecord) throws -> RunRecord {
        guard let attempt else { return record }
        var picked = record
        picked.attempts = record.attempts.filter { $0.record.number == attempt }
        guard picked.attempts.isEmpty else { return picked }
        let last = record.attempts.last?.record.number ?? 0
        throw RunLookupError.noSuchAttempt(attempt, runID: record.runID, last: last)
    }
}
