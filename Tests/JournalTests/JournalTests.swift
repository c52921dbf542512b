import Foundation
import Journal
import Testing

@Suite("Journal")
struct JournalTests {
    @Test("An attempt comes back as it was recorded, before and after its end")
    func roundTrip() async throws {
        let state = StateDirectory()
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        #expect(try await journal.attempt("r1.1") == .stub())
        try await journal.finish(.stub().ended(), usage: [.stub("r1.1")])
        #expect(try await journal.attempt("r1.1") == .stub().ended())
        #expect(try await journal.usage(ofAttempt: "r1.1") == [.stub("r1.1")])
        #expect(try await journal.attempts().count == 1)
    }

    @Test("U+0000 in the agent's words does not cut them off")
    func embeddedNUL() async throws {
        let state = StateDirectory()
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        try await journal.finish(.stub().ended(output: "a\u{0}b"), usage: [])
        #expect(try await journal.attempt("r1.1")?.end?.output == "a\u{FFFD}b")
    }

    @Test("Totals add up ended attempts over all processes, and leave replays and open ones out")
    func totals() async throws {
        let state = StateDirectory()
        let created = Date(timeIntervalSince1970: 1_700_000_000)
        let first = try Journal(directory: state.path, now: created)
        let second = try Journal(directory: state.path, now: created.addingTimeInterval(500))
        for (id, journal) in [("a", first), ("b", second)] {
            try await journal.begin(.stub(id))
            try await journal.finish(.stub(id).ended(), usage: [.stub(id), .stub(id, model: "haiku", cost: 0.25)])
        }
        try await first.begin(.stub("replay", isReplayed: true))
        try await first.finish(.stub("replay", isReplayed: true).ended(), usage: [.stub("replay")])
        try await first.begin(.stub("open"))
        try await first.begin(.stub("failed"))
        try await first.finish(.stub("failed").ended("failed", milliseconds: 1000), usage: [])

        let totals = try second.totals()
        #expect(totals.since == created)
        #expect(totals.attempts == ["completed": 2, "failed": 1])
        #expect(totals.models["opus"]?.inputTokens == 20)
        #expect(totals.models["opus"]?.cacheReadTokens == 6)
        #expect(totals.models["haiku"]?.costUSD == 0.5)
        let completed = try #require(totals.durations["completed"])
        #expect(completed.sumSeconds == 90)
        #expect(completed.bucketCounts == [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(totals.durations["failed"]?.bucketCounts.first == 1, "an upper bound belongs to its bucket")
    }

    @Test("Many writers at once lose nothing")
    func concurrentWriters() async throws {
        let state = StateDirectory()
        _ = try Journal(directory: state.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let journal = try Journal(directory: state.path)
                    try await journal.begin(.stub("\(index)"))
                    try await journal.finish(.stub("\(index)").ended(), usage: [.stub("\(index)")])
                }
            }
            try await group.waitForAll()
        }
        #expect(try Journal(directory: state.path).totals().attempts["completed"] == 16)
    }

    @Test("A file that is no journal is refused with its path, and is not touched")
    func notAJournal() throws {
        let state = StateDirectory()
        try FileManager.default.createDirectory(atPath: state.path, withIntermediateDirectories: true)
        let content = Data(repeating: 0x41, count: 8192)
        try content.write(to: URL(fileURLWithPath: state.path + "/journal.db"))
        let error = #expect(throws: JournalError.self) { try Journal(directory: state.path) }
        #expect(error?.description.contains(state.path) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: state.path + "/journal.db")) == content)
    }

    @Test("The stream's file holds the bytes as they came, and is never overwritten")
    func streamFile() throws {
        let state = StateDirectory()
        let file = try StreamFile(directory: state.path, runID: "r1")
        try file.append([0xFF, 0x0A])
        try file.append([0x41])
        #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == Data([0xFF, 0x0A, 0x41]))
        try file.close()
        #expect(throws: JournalError.self) { try StreamFile(directory: state.path, runID: "r1") }
    }
}
