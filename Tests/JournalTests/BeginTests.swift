import Foundation
import Journal
import Testing

extension AttemptRecord {
    /// An attempt at a task of a plan, as a run of the present version begins it.
    static func at(
        _ id: String,
        plan: String = "/w/plan.md",
        task: String = "1.1",
        continues: String? = nil,
        isReplayed: Bool = false
    ) -> AttemptRecord {
        var attempt = stub(id, isReplayed: isReplayed)
        attempt.number = id.split(separator: ".").last.flatMap { Int($0) } ?? 1
        attempt.planPath = plan
        attempt.taskID = task
        attempt.continues = continues
        return attempt
    }
}

@Suite("One attempt at a task at a time")
struct BeginTests {
    private let state = StateDirectory()

    /// What keeps an attempt from beginning.
    private func refusal(_ attempt: AttemptRecord, alive: Set<String> = []) async throws -> AttemptConflict? {
        let journal = try Journal(directory: state.path)
        do {
            try await journal.begin(attempt, isAlive: { alive.contains($0.id) })
            return nil
        } catch let conflict as AttemptConflict {
            return conflict
        }
    }

    @Test("The same task is refused while another attempt at it is alive, and names it")
    func sameTask() async throws {
        #expect(try await refusal(.at("a.1")) == nil)
        let conflict = try await refusal(.at("b.1"), alive: ["a.1"])
        #expect(conflict == AttemptConflict(reason: .taskIsRunning, other: .at("a.1")))
        let text = conflict?.description ?? ""
        #expect(text.contains("a.1 of run a (process 42, begun 2027-01-15T08:00:00Z)") && text.contains("/w/plan.md"))
        #expect(try await Journal(directory: state.path).attempts().count == 1)
    }

    @Test("A dead attempt, an ended one, another task and another plan are in nobody's way")
    func free() async throws {
        let journal = try Journal(directory: state.path)
        #expect(try await refusal(.at("dead.1")) == nil)
        #expect(try await refusal(.at("ended.1")) == nil)
        try await journal.finish(.at("ended.1").ended(), usage: [])
        let alive: Set = ["ended.1", "task.1", "plan.1", "old.1"]
        #expect(try await refusal(.at("task.1", task: "1.2"), alive: alive) == nil)
        #expect(try await refusal(.at("plan.1", plan: "/v/plan.md"), alive: alive) == nil)
        #expect(try await refusal(.stub("old.1"), alive: alive) == nil, "an attempt without the plan's path")
        #expect(try await refusal(.at("a.1"), alive: alive) == nil)
    }

    @Test("A replay is only in the way of one into the same workspace")
    func replays() async throws {
        var (first, second) = (AttemptRecord.at("a.1", isReplayed: true), AttemptRecord.at("b.1", isReplayed: true))
        (first.workspace, second.workspace) = ("/scratch/1", "/scratch/2")
        #expect(try await refusal(first) == nil)
        #expect(try await refusal(second, alive: ["a.1"]) == nil)
        #expect(try await refusal(.at("real.1"), alive: ["a.1", "b.1"]) == nil)
        (second.id, second.runID) = ("c.1", "c")
        #expect(try await refusal(second, alive: ["b.1"])?.other.id == "b.1")
    }

    @Test("No id and no number is given twice, also by a dead attempt")
    func sameNumber() async throws {
        #expect(try await refusal(.at("a.1")) == nil)
        #expect(try await refusal(.at("a.1"))?.reason == .attemptExists)
        var twin = AttemptRecord.at("a.1")
        twin.id = "other"
        #expect(try await refusal(twin) == AttemptConflict(reason: .attemptExists, other: .at("a.1")))
    }

    @Test("An attempt is gone on with once at a time: not while that is alive, nor after it has ended")
    func continuations() async throws {
        let journal = try Journal(directory: state.path)
        #expect(try await refusal(.at("a.1")) == nil)
        try await journal.finish(.at("a.1").ended("needs_human"), usage: [])
        #expect(try await refusal(.at("a.2", continues: "a.1")) == nil)
        let conflict = try await refusal(.at("a.3", task: "9.9", continues: "a.1"), alive: ["a.2"])
        #expect(conflict?.reason == .isContinued && conflict?.other.id == "a.2")
        #expect(conflict?.description.contains("a.1 is already gone on with by attempt a.2") == true)
        #expect(try await refusal(.at("a.3", continues: "a.1")) == nil, "a.2 is dead")
        try await journal.finish(.at("a.3", continues: "a.1").ended(), usage: [])
        #expect(try await refusal(.at("a.4", continues: "a.1"))?.other.id == "a.3")
    }

    @Test("Of 16 that begin at once, one works on the task")
    func atOnce() async throws {
        let path = state.path
        _ = try Journal(directory: path)
        let won = try await withThrowingTaskGroup(of: StreamFile?.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let stream = try StreamFile(directory: path, runID: "r\(index)")
                    do {
                        try await Journal(directory: path).begin(.at("r\(index).1"))
                        return stream
                    } catch is AttemptConflict {
                        return nil
                    }
                }
            }
            return try await group.reduce(into: [StreamFile]()) { list, stream in stream.map { list.append($0) } }
        }
        #expect(won.count == 1)
        let attempts = try await Journal(directory: path).attempts()
        #expect(attempts.count == 1)
        #expect(try Journal(directory: path).isAlive(attempts[0]))
    }

    @Test("A plan is kept once for each content, with the path at which it was first seen")
    func plans() async throws {
        let journal = try Journal(directory: state.path)
        let bytes = Data([0xFF, 0, 0x41])
        let first = PlanRecord(hash: "h", path: "/a.md", content: bytes, firstSeen: Date(timeIntervalSince1970: 5))
        var attempt = AttemptRecord.at("a.1")
        attempt.planHash = "h"
        try await journal.begin(attempt, plan: first)
        (attempt.id, attempt.runID) = ("b.1", "b")
        let again = PlanRecord(hash: "h", path: "/b.md", content: bytes, firstSeen: Date(timeIntervalSince1970: 9))
        try await journal.begin(attempt, plan: again)
        #expect(try await journal.plan(hash: "h") == first)
        #expect(try await journal.plan(hash: "x") == nil)
    }

    @Test("A refused attempt leaves nothing, its plan neither")
    func refusedPlan() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.at("a.1"))
        let plan = PlanRecord(hash: "h", path: "/a.md", content: Data(), firstSeen: Date())
        await #expect(throws: AttemptConflict.self) { try await journal.begin(.at("a.1"), plan: plan) }
        #expect(try await journal.plan(hash: "h") == nil)
    }
}
