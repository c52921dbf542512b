import Agents
import Foundation
import OTelSDK
import Plans
import Runner
import Sandbox

extension Console {
    /// Says what begins: the first two lines of the milestone document, and what must be known before.
    func printStart(_ preparation: TaskPreparation, trustsWorkspace: Bool) {
        print(at: Date(), "Task \(preparation.task.id): \(preparation.task.title)")
        if let warning = preparation.sandbox.warning { print(warning: Self.indent + warning) }
        let settings = preparation.agent.untrustedSettings
        if !settings.isEmpty, !trustsWorkspace {
            let names = settings.joined(separator: ", ")
            print(warning: Self.indent + "Not loaded from the workspace: \(names) (--trust-workspace loads it).")
        }
        printDetail("Invoking Claude Code...")
    }

    /// Says that a request to stop was heard.
    func printStopping(_ stop: StopCause) {
        printDetail("Stopping the agent...")
    }

    /// Prints what came of an attempt, for a program or for a person.
    func print(_ result: TaskResult, asJSON: Bool) throws {
        if asJSON {
            try printJSON(result)
        } else {
            print(result)
        }
    }

    private func print(_ result: TaskResult) {
        let (word, colour): (String, Colour) =
            switch result.status {
            case .completed: ("COMPLETED", .green)
            case .failed: ("FAILED", .red)
            case .needsHuman: ("NEEDS_HUMAN", .yellow)
            }
        print(
            at: Date(),
            "Task \(result.taskID): ",
            word: word,
            colour: colour,
            rest: " (\(Self.figures(of: result)))"
        )
        for (label, text) in [
            ("Error", result.error), ("Advice", result.advice), ("Question", result.question),
            ("Options", result.options.map { Self.numbered($0) }), ("Recommendation", result.recommendation),
        ] {
            if let text, !text.isEmpty { printDetail("\(label): \(text)") }
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
        let cost = result.costUSD.map { "$" + decimal($0, places: 2) } ?? "cost unknown"
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
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
        return options.enumerated()
            .map { "\n\($0 < letters.count ? letters[$0] : String($0 + 1))) \($1)" }
            .joined()
    }

    /// Says where the telemetry is.
    func print(_ report: ShutdownReport, endpoint: String, stateDirectory: String) {
        var sentences: [String] = []
        if report.delivered > 0 { sentences.append("\(report.delivered) spans sent to \(endpoint)") }
        if report.spooled > 0 {
            let reason = report.undelivered.map { " (\($0))" } ?? ""
            sentences.append(
                "\(report.spooled) spans kept in \(stateDirectory)/spool, they leave with the next run\(reason)"
            )
        }
        if report.rejected > 0 { sentences.append("\(report.rejected) spans refused by the collector") }
        if report.dropped > 0 { sentences.append("\(report.dropped) spans lost: \(report.undelivered ?? "no room")") }
        if report.droppedFromSpool > 0 {
            sentences.append("\(report.droppedFromSpool) kept spans lost, the spool is full")
        }
        if report.corruptSpoolFiles > 0 {
            sentences.append("\(report.corruptSpoolFiles) spool files unreadable, set aside")
        }
        if report.resentRejectedSpans > 0 {
            sentences.append("\(report.resentRejectedSpans) spans of earlier runs refused by the collector")
        }
        if report.resentSpans > 0 { sentences.append("\(report.resentSpans) spans of earlier runs sent") }
        if report.metricRequestsDelivered == 0, report.metricRequestsFailed > 0, report.delivered > 0 {
            sentences.append("metrics not taken, the next run sends them anew")
        }
        guard !sentences.isEmpty else { return }
        let line = "Telemetry: " + sentences.joined(separator: "; ") + "."
        if report.delivered == report.ended { printDetail(line) } else { print(warning: Self.indent + line) }
    }

    /// Prints text under the words of a line that begins with the time of day.
    private func printDetail(_ text: String) {
        print(line: Self.indent + text.replacing("\n", with: "\n" + Self.indent + "  "))
    }

    /// As wide as the time of day with its brackets and the space after it.
    private static let indent = "           "
}
