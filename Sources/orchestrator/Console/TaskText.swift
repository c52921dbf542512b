import Agents
import Foundation
import Plans
import Runner
import Sandbox

extension Console {
    /// Says what begins: the first two lines of the milestone document, and what must be known before.
    func printStart(_ preparation: TaskPreparation, of order: AttemptOrder) {
        print(at: Date(), "Task \(preparation.task.id): \(preparation.task.title)")
        for warning in order.warnings { print(warning: Self.indent + warning) }
        if let warning = preparation.sandbox.warning { print(warning: Self.indent + warning) }
        let settings = preparation.agent.untrustedSettings
        if !settings.isEmpty, !order.options.trustsWorkspace {
            let names = settings.joined(separator: ", ")
            print(warning: Self.indent + "Not loaded from the workspace: \(names) (--trust-workspace loads it).")
        }
    }

    /// Says what happens in an attempt, as far as a person wants to know it while it happens.
    func print(_ event: RunEvent) {
        switch event {
        case .invocationStarted(_, let reason): printDetail(Self.words(for: reason))
        case .checked(let check): if check.outcome != .passed || isLive || detail == .verbose { print(check) }
        case .stopping: printDetail("Stopping the agent...")
        case .waiting(let date, let reason):
            let what = reason == .usageLimit ? "the account's usage limit" : "another try"
            printDetail("Waiting until \(Self.timeOfDay(of: date)) for \(what)...")
        case .agent(.retry(let attempt, let status, let message, _)):
            let words = [status.map { "HTTP \($0)" }, message].compactMap(\.self).joined(separator: ", ")
            printDetail("The agent tries its request again (\(attempt)): \(words)")
        case .agent: break
        }
    }

    private static func words(for reason: InvocationReason) -> String {
        switch reason {
        case .first: "Invoking Claude Code..."
        case .continuation: "Invoking Claude Code in its session..."
        case .retry(let cause): "\(cause.row.words); invoking Claude Code again..."
        case .fix: "The checks contradict the claim; invoking Claude Code to mend it..."
        case .usageLimit: "Invoking Claude Code again..."
        }
    }

    /// Prints what one check came to, in a line; a failed one with the end of its output.
    func print(_ check: CheckResult) {
        let word =
            switch check.outcome {
            case .passed: "passed"
            case .failed: "FAILED"
            case .notRun: "not run"
            }
        let reason = check.explanation.map { ": \($0)" } ?? ""
        printDetail("Check \(word): \(check.shownText)\(reason)")
        guard check.outcome == .failed, !check.output.isEmpty else { return }
        for line in check.output.split(separator: "\n").suffix(5) { printDetail("  | \(line)") }
    }

    /// Prints what came of an attempt.
    func print(_ result: TaskResult) {
        let (word, style): (String, TextStyle) =
            switch result.status {
            case .completed: ("COMPLETED", .green)
            case .failed: ("FAILED", .red)
            case .needsHuman: ("NEEDS_HUMAN", .yellow)
            }
        print(
            at: Date(),
            "Task \(result.taskID): ",
            word: word,
            style: style,
            rest: " (\(Self.figures(of: result)))",
            isOutcome: true
        )
        if detail == .quiet, result.status == .failed, let error = result.error {
            Self.complain(error, remedy: result.advice)
        }
        for (label, text) in [
            ("Error", result.error), ("Advice", result.advice), ("Parked", result.resumesAt.map(\.inISO8601)),
            ("Question", result.question),
            ("Options", result.options.map { Self.numbered($0) }), ("Recommendation", result.recommendation),
        ] {
            if let text, !text.isEmpty { printDetail("\(label): \(text)") }
        }
        printDetail("Checked: \(Self.summary(of: result.verification))")
        printDetail("Changed: \(result.changes.summary)")
        if result.status == .needsHuman, !result.isReplayed {
            printDetail("Answer:  orchestrator answer \(result.runID) …")
        }
        for note in result.notes { printDetail(note) }
        printDetail("Run:    \(result.runID)")
        if let traceID = result.traceID { printDetail("Trace:  \(traceID)") }
        printDetail("Stream: \(result.stream)")
    }

    /// Duration, tokens and cost as the milestone document has them: `45s, 3.2k tokens, $0.02`.
    private static func figures(of result: TaskResult) -> String {
        let seconds = Int(result.duration.inSeconds.rounded())
        let thousands = decimal(Double(result.tokensUsed) / 1000, places: 1)
        let isAbout = result.isCostEstimated ? "about " : ""
        let cost = result.costUSD.map { isAbout + "$" + decimal($0, places: 2) } ?? "cost unknown"
        return "\(seconds)s, \(thousands)k tokens, \(cost)\(result.isReplayed ? ", replayed" : "")"
    }

    /// A number that is not negative, rounded, with this many digits after the point.
    static func decimal(_ number: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let units = Int((number * Double(scale)).rounded())
        let fraction = String(units % scale)
        return "\(units / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    private static func numbered(_ options: [String]) -> String {
        options.enumerated().map { "\n\(OptionLetter.of($0))) \($1)" }.joined()
    }

    /// Prints text under the words of a line that begins with the time of day.
    func printDetail(_ text: String) {
        // Masked before it is taken apart: a secret may have several lines.
        print(line: Self.indent + mask.text(text).replacing("\n", with: "\n" + Self.indent + "  "))
    }

    /// As wide as the time of day with its brackets and the space after it.
    static let indent = "           "
}
