import Foundation
import Journal

/// How long each question to a journal takes, the median of several, in milliseconds.
struct Timing {
    let directory: String

    func run() async throws {
        try await measure("open") { _ = try Journal(directory: directory) }
        let journal = try Journal(directory: directory)
        let newest = try await journal.attempts(newest: 1)
        guard let last = newest.first else { return }
        let middle = try await journal.attempts(newest: 1, offset: 50_000).first ?? last
        try await measure("attempts(newest: 20)") { _ = try await journal.attempts(newest: 20) }
        try await measure("attempts(newest: 20, offset: 90000)") {
            _ = try await journal.attempts(newest: 20, offset: 90_000)
        }
        try await measure("attempts(newest: 20, plan: task: status:) with none") {
            _ = try await journal.attempts(newest: 20, plan: "/none", taskID: "1.1", status: "failed")
        }
        try await measure("attempts(newest: 20, status: running)") {
            _ = try await journal.attempts(newest: 20, status: "running")
        }
        for (name, text) in [
            ("id", middle.runID), ("attempt's id", middle.id), ("beginning", String(middle.runID.dropLast())),
            ("end", String(middle.runID.suffix(6))), ("latest", "latest"), ("nothing", "nothing"),
        ] {
            try await measure("run(matching: \(name))") { _ = try? await journal.run(matching: text) }
        }
        try await measure("openAttempts()") { _ = try await journal.openAttempts() }
        try await measure("openQuestions()") { _ = try await journal.openQuestions() }
        try await measure("usage(ofAttempt:)") { _ = try await journal.usage(ofAttempt: middle.id) }
        try await measure("usage(ofSession:)") { _ = try await journal.usage(ofSession: middle.sessionID ?? "") }
        try await measure("cost(since: a day before)") {
            _ = try await journal.cost(since: last.startedAt.addingTimeInterval(-86_400))
        }
        for grouping in CostGrouping.allCases {
            try await measure("costs(by: \(grouping))") {
                _ = try await journal.costs(by: grouping) { Self.day($0) }
            }
        }
        try await measure("forecast() by task") {
            _ = try await journal.forecast(
                planPath: middle.planPath ?? "",
                taskID: middle.taskID,
                agent: middle.agent,
                model: nil
            )
        }
        try await measure("forecast() with none") {
            _ = try await journal.forecast(planPath: "/none", taskID: "1", agent: "nobody", model: nil)
        }
        try await measure("totals()") { _ = try journal.totals() }
    }

    /// The day of a moment, by UTC.
    private static func day(_ date: Date) -> Range<Date> {
        let start = Date(timeIntervalSince1970: (date.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
        return start..<start + 86_400
    }

    private func measure(_ name: String, _ body: () async throws -> Void) async throws {
        var times: [Double] = []
        for _ in 0..<9 {
            let start = ContinuousClock.now
            try await body()
            times.append(Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e6)
        }
        times.sort()
        JournalProbe.say(String(format: "%9.2f ms (at most %.2f)  ", times[4], times[8]) + name + "\n")
    }
}
