import Agents
import Foundation
import Journal
import Runner

extension Console {
    /// Prints everything that is known of a run on one page.
    func print(_ run: RunRecord) {
        guard let first = run.attempts.first?.record else { return }
        print(line: "Run \(run.runID)")
        let hash = first.planHash.map { ", SHA-256 \($0.prefix(12))…" } ?? ""
        printFacts([
            ("Task", "\(first.taskID): \(first.taskTitle)"), ("Plan", (first.planPath ?? first.planFile) + hash),
            ("Sandbox", [first.sandbox, first.container].compactMap { $0 }.joined(separator: " ")),
            ("Workspace", first.workspace),
            ("Agent", [first.agent, first.agentVersion].compactMap { $0 }.joined(separator: " ")),
            ("Program", first.programVersion),
        ])
        for attempt in run.attempts { print(attempt) }
    }

    private func print(_ attempt: RunRecord.Attempt) {
        let record = attempt.record
        print(line: "")
        print(line: "Attempt \(record.number): \(attempt.status.uppercased())\(figures(of: attempt))")
        printFacts([
            ("Started", record.startedAt.inISO8601), ("Ended", record.end?.at.inISO8601),
            ("Continues", record.continues), ("Answer", record.answer), ("Cause", cause(of: attempt)),
            ("Error", record.end?.error), ("Advice", record.end?.advice), ("Parked", record.end?.resumeAt?.inISO8601),
            ("Claim", record.end.map { $0.claim ?? "none" }), ("Verdict", record.end?.verdict),
        ])
        print(attempt.verification)
        print(attempt.changes)
        printQuestion(of: attempt)
        printUsage(of: attempt)
        for note in record.end?.notes ?? [] { printFacts([("Note", note)]) }
        printFacts([
            ("Session", record.end?.sessionID ?? record.sessionID), ("Trace", record.traceID),
            ("Spans", attempt.traceFile), ("Stream", record.stream),
        ])
        guard let output = record.end?.output, !output.isEmpty else { return }
        print(line: "  Last words:")
        printBlock(output, indent: "    | ")
    }

    private func cause(of attempt: RunRecord.Attempt) -> String? {
        guard let end = attempt.record.end else {
            return attempt.isAlive
                ? "Process \(attempt.record.processID) is at work on it."
                : "Its runner is gone; orchestrator reap closes it, orchestrator resume \(attempt.record.runID) goes on."
        }
        let words = Cause(rawValue: end.cause).map { ": \($0.row.words)" } ?? ""
        return "\(end.cause)\(words) (exit code \(end.exitCode))"
    }

    private func figures(of attempt: RunRecord.Attempt) -> String {
        guard let end = attempt.record.end else { return "" }
        let about = end.isCostEstimated ? "about " : ""
        let cost = end.costUSD.map { "\(about)$\($0.asMoney)" } ?? "cost unknown"
        let tokens = Self.decimal(Double(attempt.total.totalTokens) / 1000, places: 1)
        let replayed = attempt.record.isReplayed ? ", replayed" : ""
        return " (\(LocalTime.length(seconds: (end.milliseconds + 500) / 1000)), \(tokens)k tokens, \(cost)\(replayed))"
    }

    private func print(_ verification: Verification?) {
        guard let verification else { return }
        printFacts([("Checks", Self.summary(of: verification))])
        for check in verification.checks {
            let reason = check.explanation.map { ": \($0)" } ?? ""
            print(line: "    \(check.outcome.rawValue.replacing("_", with: " ")): \(check.shownText)\(reason)")
            if check.outcome == .failed { printBlock(String(check.output.suffix(2000)), indent: "      | ") }
        }
        for criterion in verification.unchecked {
            print(line: "    not machine-checkable (line \(criterion.line)): \(criterion.text)")
        }
    }

    private func print(_ changes: WorkspaceChanges?) {
        guard let changes else { return }
        printFacts([("Changed", changes.summary)])
        for file in changes.files.prefix(20) {
            let lines = file.addedLines.map { " (+\($0) -\(file.deletedLines ?? 0))" } ?? ""
            print(line: "    \(file.change.rawValue): \(file.path)\(lines)")
        }
        let more = changes.added + changes.changed + changes.deleted - min(changes.files.count, 20)
        if more > 0 { print(line: "    and \(more) more") }
    }

    private func printQuestion(of attempt: RunRecord.Attempt) {
        guard let end = attempt.record.end, let question = end.question else { return }
        let options = (end.options ?? []).enumerated().map { "\n\(OptionLetter.of($0))) \($1)" }.joined()
        printFacts([("Question", question + options), ("Recommends", end.recommendation)])
    }

    private func printUsage(of attempt: RunRecord.Attempt) {
        for used in attempt.usage.map(\.modelUsage) {
            let kinds = [
                "\(used.inputTokens) input",
                "\(used.outputTokens) output" + (used.thinkingTokens.map { " (\($0) thinking)" } ?? ""),
                "\(used.cacheReadTokens) cache read",
                "\(used.cacheCreationTokens) cache written",
            ]
            printFacts([("Used", "\(used.model): \(kinds.joined(separator: ", ")) tokens, $\(used.costUSD.asMoney)")])
        }
        printFacts([("Tools", attempt.tools.map(Self.text).joined(separator: ", "))])
        guard let end = attempt.record.end else { return }
        printFacts([("Turns", "\(end.turns), \(end.retries) retries, \(end.fixes) fixes")])
    }

    private static func text(of use: ToolUse) -> String {
        let parts = [(use.errors, "failed"), (use.denied, "denied")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(use.tool) \(use.calls)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }

    /// Prints what is known of these things, a line each, its further lines under the first.
    private func printFacts(_ facts: [(name: String, text: String?)]) {
        for (name, text) in facts {
            guard let text, !text.isEmpty else { continue }
            let label = "  \(name):" + String(repeating: " ", count: max(1, 11 - name.count))
            let space = String(repeating: " ", count: label.count)
            print(line: label + mask.text(text).replacing("\n", with: "\n" + space))
        }
    }
}
