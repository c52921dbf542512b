import Foundation
import Journal
import Testing

@Suite("Questions to the journal")
struct QueryTests {
    private let state = StateDirectory()

    /// Begins an attempt at a minute of the day, and ends it if a status is given.
    private func record(
        _ attempt: AttemptRecord,
        minute: Int = 0,
        status: String? = nil,
        usage: [UsageRecord] = [],
        isCostEstimated: Bool = false
    ) async throws {
        let journal = try Journal(directory: state.path)
        var attempt = attempt
        attempt.startedAt += TimeInterval(minute * 60)
        try await journal.begin(attempt)
        guard let status else { return try await journal.progress(attempt.id, usage: usage) }
        attempt = attempt.ended(status)
        attempt.end?.isCostEstimated = isCostEstimated
        try await journal.finish(attempt, usage: usage)
    }

    @Test("Lists begin with the newest, in pages, and are filtered by plan, task and status")
    func lists() async throws {
        try await record(.at("a.1"), minute: 1, status: "completed")
        try await record(.at("b.1", plan: "/other/plan.md"), minute: 2, status: "failed")
        try await record(.at("c.1", task: "1.2"), minute: 4)
        try await record(.at("d.1"), minute: 3, status: "failed")
        let journal = try Journal(directory: state.path)
        #expect(try await journal.attempts(newest: 10).map(\.id) == ["c.1", "d.1", "b.1", "a.1"])
        #expect(try await journal.attempts(newest: 2, offset: 1).map(\.id) == ["d.1", "b.1"])
        #expect(try await journal.attempts(newest: 2, offset: 4).isEmpty)
        #expect(try await journal.attempts(newest: 10, plan: "/other/plan.md").map(\.id) == ["b.1"])
        #expect(try await journal.attempts(newest: 10, plan: "plan.md").count == 4, "as the user named it")
        #expect(try await journal.attempts(newest: 10, plan: "/w/plan.md", taskID: "1.1").map(\.id) == ["d.1", "a.1"])
        #expect(try await journal.attempts(newest: 10, status: "failed").map(\.id) == ["d.1", "b.1"])
        #expect(try await journal.attempts(newest: 10, status: "running").map(\.id) == ["c.1"])
        #expect(try await journal.attempts(newest: 10, plan: "' OR 1 --").isEmpty)
    }

    @Test("A line of a list has what is known, and the sum of what was used, also while it runs")
    func line() async throws {
        let usage: [UsageRecord] = [
            .stub("a.1", input: 10, cost: 0.5), .stub("a.1", model: "haiku", input: 5, cost: 0.25),
        ]
        try await record(.at("a.1"), status: "failed", usage: usage, isCostEstimated: true)
        try await record(.at("a.2", continues: "a.1"), minute: 1, usage: [.stub("a.2", input: 7)])
        let lines = try await Journal(directory: state.path).attempts(newest: 10)
        #expect(lines[0].status == AttemptSummary.running && lines[0].endedAt == nil && lines[0].usage.inputTokens == 7)
        #expect(lines[0].continues == "a.1" && lines[0].runID == "a" && lines[0].number == 2)
        #expect(lines[1].status == "failed" && lines[1].cause == "claimed" && lines[1].milliseconds == 45_000)
        #expect(lines[1].usage.inputTokens == 15 && lines[1].usage.costUSD == 0.75 && lines[1].isCostEstimated)
        #expect(lines[1].endedAt == lines[1].startedAt + 45)
    }

    @Test("A question is open until a living or an ended attempt goes on with it")
    func questions() async throws {
        try await record(.at("old.1"), minute: 1, status: "needs_human")
        try await record(.at("answered.1"), minute: 2, status: "needs_human")
        try await record(.at("answered.2", continues: "answered.1"), minute: 3, status: "failed")
        try await record(.at("again.1"), minute: 4, status: "needs_human")
        try await record(.at("again.2", continues: "again.1"), minute: 5, status: "needs_human")
        try await record(.at("dead.1"), minute: 6, status: "needs_human")
        try await record(.at("dead.2", continues: "dead.1"), minute: 7)
        try await record(.at("alive.1"), minute: 8, status: "needs_human")
        try await record(.at("alive.2", continues: "alive.1"), minute: 9)
        try await record(.at("replay.1", isReplayed: true), minute: 10, status: "needs_human")
        try await record(.at("done.1"), minute: 11, status: "completed")
        let journal = try Journal(directory: state.path)
        let open = try await journal.openQuestions(isAlive: { $0.id == "alive.2" })
        #expect(open.map(\.id) == ["old.1", "again.2", "dead.1"])
        #expect(open[0].end?.options == ["A, or so", "B\nC"])
        let running = try await journal.openAttempts()
        #expect(running.map(\.id) == ["dead.2", "alive.2"])
    }

    @Test("A session's own count is the sum over its ended attempts that are no estimate and no replay")
    func session() async throws {
        try await record(.at("a.1"), status: "failed", usage: [.stub("a.1", input: 10), .stub("a.1", model: "haiku")])
        try await record(.at("a.2"), status: "failed", usage: [.stub("a.2", input: 20)])
        try await record(.at("a.3"), status: "failed", usage: [.stub("a.3", input: 40)], isCostEstimated: true)
        try await record(.at("a.4", isReplayed: true), status: "failed", usage: [.stub("a.4", input: 80)])
        try await record(.at("a.5"), usage: [.stub("a.5", input: 160)])
        let journal = try Journal(directory: state.path)
        let usage = try await journal.usage(ofSession: "s")
        #expect(usage["opus"]?.inputTokens == 30 && usage["opus"]?.costUSD == 1 && usage["haiku"]?.outputTokens == 2)
        #expect(try await journal.usage(ofSession: "none").isEmpty)
    }

    @Test("The cost of a day is that of the attempts that began in it, running ones included, replays not")
    func cost() async throws {
        try await record(.at("a.1"), minute: 0, status: "completed", usage: [.stub("a.1", cost: 8)])
        try await record(.at("b.1"), minute: 10, status: "completed", usage: [.stub("b.1", cost: 4)])
        try await record(.at("c.1"), minute: 11, usage: [.stub("c.1", cost: 2)])
        try await record(.at("d.1", isReplayed: true), minute: 12, status: "failed", usage: [.stub("d.1", cost: 1)])
        let journal = try Journal(directory: state.path)
        let start = AttemptRecord.stub().startedAt
        #expect(try await journal.cost(since: start) == 14)
        #expect(try await journal.cost(since: start + 600) == 6)
        #expect(try await journal.cost(since: start + 3600) == 0)
    }
}
