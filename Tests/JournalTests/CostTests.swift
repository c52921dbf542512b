import Foundation
import Testing

@testable import Journal

@Suite("What was spent, and what to expect")
struct CostTests {
    private let state = StateDirectory()

    /// Days of 24 hours from the stub's time on; the first one begins an hour before it.
    @Sendable
    private static func day(_ date: Date) -> Range<Date> {
        let first = AttemptRecord.stub().startedAt - 3600
        let start = first + (date.timeIntervalSince(first) / 86_400).rounded(.down) * 86_400
        return start..<start + 86_400
    }

    private func record(
        _ attempt: AttemptRecord,
        hours: Double = 0,
        status: String? = "completed",
        milliseconds: Int = 45_000,
        cost: Double? = 0.02,
        usage: [UsageRecord] = [],
        isEstimated: Bool = false
    ) async throws {
        let journal = try Journal(directory: state.path)
        var attempt = attempt
        attempt.startedAt += hours * 3600
        try await journal.begin(attempt)
        guard let status else { return try await journal.progress(attempt.id, usage: usage) }
        attempt = attempt.ended(status, milliseconds: milliseconds)
        attempt.end?.costUSD = cost
        attempt.end?.isCostEstimated = isEstimated
        try await journal.finish(attempt, usage: usage)
    }

    /// Three attempts on two days, one of them estimated, one that runs, and a replay.
    private func fill() async throws {
        try await record(
            .at("a.1"),
            usage: [.stub("a.1", cost: 0.5), .stub("a.1", model: "haiku", input: 1, cost: 0.25)]
        )
        try await record(.at("b.1", task: "1.2"), hours: 22.9, usage: [.stub("b.1", cost: 1)], isEstimated: true)
        try await record(.at("c.1", plan: "/other.md"), hours: 23.1, status: "failed", usage: [.stub("c.1", cost: 4)])
        try await record(.at("d.1", task: "1.3"), hours: 23.2, status: nil, usage: [.stub("d.1", cost: 8)])
        try await record(.stub("e.1", isReplayed: true), hours: 1, usage: [.stub("e.1", cost: 16)])
    }

    private func costs(by grouping: CostGrouping, since: Date? = nil) async throws -> (sums: [CostSum], total: CostSum)
    {
        try await Journal(directory: state.path).costs(by: grouping, since: since, day: Self.day)
    }

    @Test("By day: days as the calendar has them, those that run included and marked, replays not")
    func days() async throws {
        try await fill()
        let (sums, total) = try await costs(by: .day)
        let first = AttemptRecord.stub().startedAt - 3600
        #expect(sums.map(\.day) == [first, first + 86_400])
        #expect(sums.map(\.attempts) == [2, 2] && sums.map(\.estimated) == [1, 1])
        #expect(sums.map(\.usage.costUSD) == [1.75, 12])
        #expect(sums.map(\.usage.inputTokens) == [21, 20] && sums.map(\.usage.cacheReadTokens) == [9, 6])
        #expect(total.attempts == 4 && total.estimated == 2 && total.usage.costUSD == 13.75)
    }

    @Test(
        "By plan, by task and by model: what cost most is first; attempts with two models count once in the sum of all"
    )
    func groups() async throws {
        try await fill()
        let plans = try await costs(by: .plan).sums
        #expect(plans.map(\.keys) == [["/w/plan.md"], ["/other.md"]] && plans.map(\.usage.costUSD) == [9.75, 4])
        #expect(plans.map(\.estimated) == [2, 0])
        let tasks = try await costs(by: .task).sums
        #expect(tasks.map(\.keys.last) == ["1.3", "1.1", "1.2", "1.1"] && tasks.map(\.attempts) == [1, 1, 1, 1])
        let (models, total) = try await costs(by: .model)
        #expect(models.map(\.keys) == [["opus"], ["haiku"]] && models.map(\.attempts) == [4, 1])
        #expect(models.map(\.usage.inputTokens) == [40, 1] && models.map(\.estimated) == [2, 0])
        #expect(total.attempts == 4 && total.usage.inputTokens == 41)
    }

    @Test("Since a moment: what began before is left out; nothing is nothing")
    func since() async throws {
        #expect(try await costs(by: .day).sums.isEmpty)
        try await fill()
        let start = AttemptRecord.stub().startedAt + 23 * 3600
        let (sums, total) = try await costs(by: .day, since: start)
        #expect(sums.map(\.attempts) == [2] && total.usage.costUSD == 12)
        let none = try await costs(by: .task, since: start + 86_400)
        #expect(none.sums.isEmpty && none.total == CostSum())
    }

    private func forecast(
        task: String = "1.1",
        plan: String = "/w/plan.md",
        model: String? = nil
    ) async throws -> Forecast? {
        try await Journal(directory: state.path)
            .forecast(planPath: plan, taskID: task, agent: "claude-code", model: model)
    }

    @Test("A forecast is of the same task, else the same plan, else the same agent; never of less than three")
    func bases() async throws {
        for run in 0..<2 { try await record(.at("a\(run).1"), hours: Double(run)) }
        #expect(try await forecast() == nil)
        try await record(.at("r.1", isReplayed: true), hours: 3)
        try await record(.at("o.1"), hours: 4, status: nil)
        #expect(try await forecast() == nil, "a replay is no history, nor is what runs")
        try await record(.at("b.1", task: "1.2"), hours: 5, status: "failed", milliseconds: 100_000, cost: 0.5)
        let plan = try #require(try await forecast())
        #expect(plan == Forecast(basis: .plan, attempts: 3, completed: 2, milliseconds: 45_000, costUSD: 0.02))
        #expect(try await forecast(plan: "/other.md")?.basis == .agent)
        #expect(try await forecast(plan: "/other.md", model: "opus") == nil, "another model was asked for")
        for (run, cost) in [0.04, nil].enumerated() {
            try await record(.at("c\(run).1"), hours: 6 + Double(run), milliseconds: 55_000, cost: cost)
        }
        let task = try #require(try await forecast())
        #expect(task == Forecast(basis: .task, attempts: 4, completed: 4, milliseconds: 50_000, costUSD: 0.02))
    }

    @Test("Only the newest fifty attempts count")
    func newest() async throws {
        for run in 0..<60 {
            try await record(.at("a\(run).1"), hours: Double(run), milliseconds: run < 31 ? 1 : 1000)
        }
        let forecast = try #require(try await forecast())
        #expect(forecast.attempts == 50 && forecast.milliseconds == 1000)
    }
}
