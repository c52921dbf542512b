import Foundation
import GRDB
import Glibc
import Journal
import Testing

@Suite("What was recorded is never lost by kill -9")
struct KillTests {
    @Test("80 kills or more at random moments, two processes at a time", .timeLimit(.minutes(3)))
    func kills() async throws {
        let state = StateDirectory()
        let outputs = ["a", "b"].map { "\(state.path)-\($0)" }
        defer { for output in outputs { try? FileManager.default.removeItem(atPath: output) } }
        var facts = Facts()
        var rounds = 0
        // A busy machine kills many before they come to say anything.
        while rounds < 40 || facts.begun.count < 60 || facts.ended.count < 30 {
            let probes = try outputs.map { try Probe(["loop", state.path, "/plans/\($0.suffix(1))"], output: $0) }
            for probe in probes {
                usleep(.random(in: 1_000...120_000))
                probe.kill()
            }
            facts = try Facts(outputs)
            rounds += 1
        }
        #expect(facts.complaints == [])
        let journal = try Journal(directory: state.path)
        let rows = Dictionary(uniqueKeysWithValues: try await journal.attempts().map { ($0.id, $0) })
        let missing = facts.begun.filter { rows[$0] == nil }
        #expect(missing == [], "begun, and said so")
        let reopened = facts.ended.filter { rows[$0]?.end == nil }
        #expect(reopened == [], "ended, and said so")
        for (id, tokens) in facts.used {
            let recorded = try await journal.usage(ofAttempt: id).map(\.inputTokens)
            #expect(recorded.count == 1 && recorded[0] >= tokens, "\(id) had used \(tokens), not \(recorded)")
        }
        let ended = rows.values.filter { $0.end != nil }
        let totals = try journal.totals()
        #expect(totals.attempts == ["completed": ended.count])
        #expect(totals.models["m"]?.inputTokens == 4 * ended.count)
        try await checkNothingIsHeld(journal)
        let database = try DatabaseQueue(path: state.path + "/journal.db")
        #expect(try await database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        #expect(try await database.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
        let summary = "\(facts.begun.count) begun, \(facts.ended.count) ended, \(rows.count - ended.count) left open"
        #expect(rows.count > ended.count, "some were killed at work: \(summary)")
        print(summary)
    }

    @Test(
        "20 kills while a large journal of 0.3.0 is migrated leave it old or new, never between",
        .timeLimit(.minutes(2))
    )
    func migration() async throws {
        for _ in 0..<20 {
            let state = StateDirectory()
            let output = state.path + "-output"
            defer { try? FileManager.default.removeItem(atPath: output) }
            try released("0.3.0", in: state)
            let queue = try DatabaseQueue(path: state.path + "/journal.db")
            try await queue.write { database in
                let copies = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                let columns = try database.columns(in: "attempt").map(\.name)
                let values = columns.map { $0 == "id" || $0 == "run_id" ? "\($0) || '-' || i" : $0 }
                let source = "SELECT \(values.joined(separator: ", ")) FROM n, attempt WHERE id LIKE '%00000a.1'"
                try database.execute(sql: "INSERT INTO attempt " + copies + source)
            }
            try queue.close()
            let probe = try Probe(["hold", state.path, "/plan"], output: output)
            usleep(.random(in: 1_000...100_000))
            probe.kill()
            let journal = try Journal(directory: state.path)
            #expect(try await journal.attempts(newest: 9000).filter { $0.planFile != "/plan" }.count == 5006)
            #expect(try journal.totals().attempts["completed"] == 5001)
            #expect(try await journal.instanceID(host: "laptop") == "67144577-6903-4a98-83c4-0b9a22c9f91f")
        }
    }

    /// Each attempt that was left open is free to be closed, and its task to be begun anew.
    private func checkNothingIsHeld(_ journal: Journal) async throws {
        for attempt in try await journal.openAttempts() {
            #expect(!journal.isAlive(attempt))
            let stream = try #require(try StreamFile.adopt(attempt.stream))
            #expect(journal.isAlive(attempt))
            try stream.close()
            var next = attempt
            next.runID += "-again"
            next.id = next.runID + ".1"
            try await journal.begin(next)
        }
    }
}

/// What the probes said.
private struct Facts {
    var begun: Set<String> = []
    var ended: Set<String> = []
    /// The highest count that was acknowledged.
    var used: [String: Int] = [:]
    var complaints: [String] = []

    init() {}

    init(_ files: [String]) throws {
        let lines = try files.flatMap { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("begun", 2): begun.insert(words[1])
            case ("ended", 2): ended.insert(words[1])
            case ("used", 3): used[words[1]] = max(used[words[1]] ?? 0, Int(words[2]) ?? 0)
            default: complaints.append(String(line))
            }
        }
    }
}
