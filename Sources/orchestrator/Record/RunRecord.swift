import Agents
import Foundation
import Journal
import Runner

/// All that the journal knows of one run: its attempts, oldest first.
struct RunRecord: Sendable {
    /// One attempt with what it used.
    struct Attempt: Sendable {
        var record: AttemptRecord
        /// What it used, by model.
        var usage: [UsageRecord]
        /// Whether somebody works on it now.
        var isAlive: Bool
        /// The tools that it called, the most called ones first; none before its end.
        var tools: [ToolUse] = []
    }

    var runID: String
    var attempts: [Attempt]

    /// Reads the run that the user means.
    ///
    /// - Throws: `RunLookupError` if none or several are meant.
    init(matching text: String, in journal: Journal) async throws {
        attempts = []
        for record in try await journal.run(matching: text) {
            let usage = try await journal.usage(ofAttempt: record.id)
            let tools = try await journal.toolUse(ofAttempt: record.id)
            attempts.append(Attempt(record: record, usage: usage, isAlive: journal.isAlive(record), tools: tools))
        }
        runID = attempts.first?.record.runID ?? text
    }
}

extension RunRecord.Attempt {
    /// The status in one word: that of the end, `running`, or `interrupted?` where the runner is gone without an end.
    var status: String { record.end?.status ?? (isAlive ? "running" : "interrupted?") }

    /// All models together.
    var total: ModelUsage { usage.map(\.modelUsage).total }

    /// The cost in USD, that so far where there is no end; nil where nobody told one.
    var costUSD: Double? { record.end == nil ? total.costUSD : record.end?.costUSD }

    /// What our checks found.
    var verification: Verification? { JSONText.value(Verification.self, of: record.end?.verification) }

    /// What changed in the workspace.
    var changes: WorkspaceChanges? { JSONText.value(WorkspaceChanges.self, of: record.end?.changes) }

    /// Where the spans are kept, if they are.
    var traceFile: String? {
        let folder = URL(filePath: record.stream).deletingLastPathComponent()
        let file = folder.appending(path: record.number == 1 ? "trace.jsonl" : "trace-\(record.number).jsonl").path
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }
}
