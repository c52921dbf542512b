import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator runs`: the newest attempts.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List what was done, the newest first.",
        discussion: """
            A run with several attempts (after an answer, or a resume) has a line for each. What has no end yet is running,
            or interrupted? where its runner is gone: orchestrator reap closes that.

            Examples:
              orchestrator runs
              orchestrator runs --status failed --limit 5
              orchestrator runs --plan plan.md --task 1.1
              orchestrator runs --json | jq -r '.runs[] | select(.cost_usd > 1) | .run_id'
            """
    )

    @Option(name: .shortAndLong, help: "How many at most.")
    var limit = 20

    @Option(help: "Only those of this plan.", completion: .file(extensions: ["md", "markdown"]))
    var plan: String?

    @Option(help: ArgumentHelp("Only those at this task.", valueName: "id"))
    var task: String?

    @Option(help: "Only those of this status: completed, failed, needs_human or running.")
    var status: String?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a whole number from 1 up.") }
        let known = TaskStatus.allCases.map(\.rawValue) + [AttemptSummary.running]
        if let status, !known.contains(status) {
            throw ValidationError("--status takes \(known.joined(separator: ", ")).")
        }
    }

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let journal = try settings.existingJournal()
            let listing = AttemptsListing(try await attempts(in: journal), stateDirectory: settings.stateDirectory)
            let console = Console(environment: environment)
            if json {
                try console.printJSON(listing)
            } else if listing.lines.isEmpty {
                console.print(line: "No run is of this kind.")
            } else {
                console.print(listing)
            }
            return .completed
        }
    }

    /// A plan is meant by its file, however it was named then; else by the words with which it was named.
    private func attempts(in journal: Journal) async throws -> [AttemptSummary] {
        guard let plan else { return try await journal.attempts(newest: limit, taskID: task, status: status) }
        let path = URL(filePath: plan).standardizedFileURL.path
        let found = try await journal.attempts(newest: limit, plan: path, taskID: task, status: status)
        if !found.isEmpty || path == plan { return found }
        return try await journal.attempts(newest: limit, plan: plan, taskID: task, status: status)
    }
}
