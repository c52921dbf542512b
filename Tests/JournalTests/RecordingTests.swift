import Foundation
import Journal
import Testing

@Suite("From beginning to end")
struct RecordingTests {
    private let state = StateDirectory()

    @Test("All fields of the present schema come back")
    func everything() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub("r0.1"))
        var attempt = AttemptRecord.at("r0.2", continues: "r0.1")
        attempt.planHash = "h"
        attempt.workspace = "/workspace"
        attempt.programVersion = "0.4.0"
        attempt.agentVersion = "2.1.0"
        attempt.options = #"{"model":"opus"}"#
        attempt.answer = "B, \u{0} please"
        let plan = PlanRecord(hash: "h", path: "/w/plan.md", content: Data(), firstSeen: Date())
        try await journal.begin(attempt, plan: plan)
        attempt.answer = "B, \u{FFFD} please"
        #expect(try await journal.attempt("r0.2") == attempt)

        attempt = attempt.ended("failed")
        attempt.end?.isCostEstimated = true
        attempt.end?.resumeAt = Date(timeIntervalSince1970: 1_800_003_600)
        attempt.end?.advice = "orchestrator resume r0"
        attempt.end?.notes = ["One\nnote", "and \u{0} another"]
        attempt.end?.verification = #"[{"kind":"command"}]"#
        attempt.end?.changes = #"{"kind":"git"}"#
        attempt.end?.processes = #"{"found":2}"#
        attempt.end?.retries = 2
        attempt.end?.fixes = 1
        try await journal.finish(attempt, usage: [])
        #expect(try await journal.attempt("r0.2") == attempt)
    }

    @Test("The session is known from the beginning, and the end may correct it")
    func session() async throws {
        let journal = try Journal(directory: state.path)
        for (id, told, kept) in [("a.1", "other", "other"), ("b.1", nil, "s")] {
            try await journal.begin(.stub(id))
            #expect(try await journal.attempt(id)?.sessionID == "s")
            var attempt = AttemptRecord.stub(id).ended()
            attempt.end?.sessionID = told
            try await journal.finish(attempt, usage: [])
            #expect(try await journal.attempt(id)?.sessionID == kept)
            #expect(try await journal.attempt(id)?.end?.sessionID == kept)
        }
    }

    @Test("Usage while it runs replaces what was known before, and counts in no total until the end")
    func progress() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        try await journal.progress("r1.1", usage: [.stub("r1.1", input: 10), .stub("r1.1", model: "haiku")])
        try await journal.progress("r1.1", usage: [.stub("r1.1", input: 25, cost: 0.75)])
        #expect(try await journal.usage(ofAttempt: "r1.1") == [.stub("r1.1", input: 25, cost: 0.75)])
        #expect(try journal.totals().models.isEmpty)
        #expect(try await journal.cost(since: .distantPast) == 0.75)
        try await journal.finish(.stub().ended(), usage: [.stub("r1.1", input: 30, cost: 1)])
        #expect(try journal.totals().models["opus"]?.inputTokens == 30)
        #expect(try await journal.cost(since: .distantPast) == 1)
    }

    @Test("Who comes late neither ends an attempt again nor changes what it used, and is told how it stands")
    func late() async throws {
        let journal = try Journal(directory: state.path)
        let ended = AttemptRecord.stub().ended("failed")
        try await journal.begin(.stub())
        try await journal.finish(ended, usage: [.stub("r1.1")])
        let conflict = AttemptConflict(reason: .hasEnded, other: ended)
        await #expect(throws: conflict) { try await journal.finish(.stub().ended(), usage: []) }
        await #expect(throws: conflict) { try await journal.progress("r1.1", usage: []) }
        #expect(try await journal.attempt("r1.1") == ended)
        #expect(try await journal.usage(ofAttempt: "r1.1") == [.stub("r1.1")])
    }

    @Test("Health checks are counted by status, each of which has its zero point")
    func health() async throws {
        let journal = try Journal(directory: state.path)
        #expect(try journal.totals().healthChecks == ["ok": 0, "failing": 0])
        for status in [HealthCheckRecord.Status.ok, .failing, .ok] {
            try await journal.recordHealthCheck(HealthCheckRecord(at: Date(), status: status, checks: "[]"))
        }
        #expect(try journal.totals().healthChecks == ["ok": 2, "failing": 1])
    }
}
