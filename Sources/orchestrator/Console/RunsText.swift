import Foundation
import Journal
import Runner

extension Console {
    /// Prints the newest attempts as a table.
    func print(_ listing: AttemptsListing) {
        let head = ["RUN", "STARTED", "TASK", "STATUS", "CAUSE", "TIME", "COST", "TOKENS"]
        printTable([head] + listing.lines.map(Self.row), numbersFrom: 5)
    }

    private static func row(_ line: AttemptsListing.Line) -> [String] {
        let attempt = line.attempt
        let isAbout = attempt.isCostEstimated || attempt.endedAt == nil
        return [
            attempt.number == 1 ? attempt.runID : attempt.id, LocalTime.text(of: attempt.startedAt), attempt.taskID,
            line.status + (attempt.isReplayed ? " (replay)" : ""), attempt.cause ?? "",
            attempt.milliseconds.map { LocalTime.length(seconds: ($0 + 500) / 1000) } ?? "",
            line.costUSD.map { (isAbout ? "~$" : "$") + $0.asMoney } ?? "?",
            decimal(Double(line.tokens) / 1000, places: 1) + "k",
        ]
    }

    /// Prints the open questions, each with the command that answers it.
    func print(_ listing: QuestionsListing) {
        if listing.questions.isEmpty { print(line: "Nobody is asked anything.") }
        for (index, attempt) in listing.questions.enumerated() {
            if index > 0 { print(line: "") }
            let age = attempt.end.map { LocalTime.length(seconds: Int(listing.now.timeIntervalSince($0.at))) } ?? "?"
            print(line: "\(attempt.runID)  Task \(attempt.taskID): \(attempt.taskTitle) (asked \(age) ago)")
            printBlock(attempt.end?.question ?? "")
            for (place, option) in (attempt.end?.options ?? []).enumerated() {
                printBlock("\(OptionLetter.of(place))) \(option)")
            }
            if let recommendation = attempt.end?.recommendation { printBlock("Recommended: \(recommendation)") }
            print(line: "  \(QuestionsListing.command(for: attempt))")
        }
    }

    /// Prints text of several lines, each a little to the right.
    func printBlock(_ text: String, indent: String = "  ") {
        for line in mask.text(text).split(separator: "\n", omittingEmptySubsequences: false) {
            print(line: indent + line)
        }
    }
}
