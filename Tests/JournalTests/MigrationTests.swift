import Foundation
import GRDB
import Testing

@testable import Journal

/// All that a database holds, as text.
private func content(of path: String) throws -> [String] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
        let tables = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master ORDER BY name")
        let rows = try tables.filter { ($0["sql"] as String?)?.hasPrefix("CREATE TABLE") == true }
            .flatMap { try Row.fetchAll(database, sql: "SELECT * FROM \($0["name"] as String)") }
        return (tables + rows).map { "\($0)" }
    }
}

extension AttemptRecord {
    /// What the second schema added, as the fixture of 0.4.0 has it.
    fileprivate mutating func addSecondSchema() {
        planPath = "/home/u/project/TestPlans/hello_world.md"
        planHash = "b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e"
        workspace = "/workspace"
        programVersion = "0.4.0"
        agentVersion = "2.1.150"
        options = #"{"model":"opus"}"#
        end?.verification = #"{"checks":[],"unchecked":[]}"#
        end?.changes = "{}"
        end?.processes = "{}"
    }
}

@Suite("Journals of released versions")
struct MigrationTests {
    static let versions = ["0.2.0", "0.3.0", "0.4.0"]

    @Test("Every attempt reads back, with nothing in the new fields", arguments: versions)
    func rows(_ version: String) async throws {
        let state = StateDirectory()
        try released(version, in: state)
        let journal = try Journal(directory: state.path)
        let attempts = try await journal.attempts()
        #expect(attempts.map(\.id.last) == Array(repeating: "1", count: version == "0.2.0" ? 5 : 6))
        #expect(
            attempts.map { $0.end?.status }
                == ["completed", "needs_human", "failed", "completed", nil, "failed"]
                .prefix(attempts.count).map { $0 }
        )

        var first = AttemptRecord(
            id: "20251122-083000-00000a.1",
            runID: "20251122-083000-00000a",
            planFile: "TestPlans/hello_world.md",
            milestoneID: "hello_world",
            taskID: "1.1",
            taskTitle: "Create hello.py",
            agent: "claude-code",
            sandbox: "docker",
            container: "ktrdr-sandbox",
            isReplayed: false,
            processID: 4242,
            startedAt: Date(timeIntervalSince1970: 1_763_800_600.25),
            traceID: "0af7651916cd43dd0af7651916cd43dd",
            stream: "/home/u/state/runs/20251122-083000-00000a/stream.jsonl",
            sessionID: "5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c"
        )
        first.end = AttemptRecord.End(
            at: Date(timeIntervalSince1970: 1_763_800_645.5),
            milliseconds: 45_250,
            status: "completed",
            cause: "claimed",
            exitCode: 0,
            claim: "completed",
            verdict: "unchecked",
            sessionID: "5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c",
            costUSD: 0.02,
            turns: 3,
            output: "It's \"done\" — ok; café\nSTATUS: completed"
        )
        if version == "0.4.0" { first.addSecondSchema() }
        #expect(attempts[0] == first)
        #expect(attempts[1].end?.options == ["A, or so", "B\nC"])
        #expect(try await journal.usage(ofAttempt: first.id).map(\.inputTokens) == [10, 20])
        #expect(try await journal.usage(ofAttempt: first.id).map(\.thinkingTokens) == [nil, nil])
        #expect(try await journal.toolUse(ofAttempt: first.id) == [])
        #expect(try await journal.attempts(newest: 9).map(\.id) == attempts.reversed().map(\.id))
        #expect(try await journal.openAttempts().map(\.id) == ["20251122-091000-00000e.1"])
        #expect(try await journal.openQuestions().map(\.id) == ["20251122-084000-00000b.1"])
    }

    @Test("Totals, the time of creation and the instances' ids stay", arguments: versions)
    func identity(_ version: String) async throws {
        let state = StateDirectory()
        try released(version, in: state)
        let journal = try Journal(directory: state.path)
        let totals = try journal.totals()
        #expect(totals.since == Date(timeIntervalSince1970: 1_763_800_000.25))
        let late = version == "0.2.0" ? 0 : 1
        #expect(totals.attempts == ["completed": 1, "needs_human": 1, "failed": 1 + late])
        #expect(totals.models["claude-opus-4-5"]?.inputTokens == 70 + 90 * late)
        #expect(totals.models["claude-opus-4-5"]?.costUSD == 0.5175 + 1.25 * Double(late))
        #expect(totals.models["claude-haiku-4-5"]?.cacheReadTokens == 1000)
        #expect(totals.durations["failed"]?.sumSeconds == 1 + 600.4 * Double(late))
        let id = [
            "0.2.0": "15d6f504-6742-4c64-81e9-9b11ebe6a279", "0.3.0": "6c51ff56-c7ac-45c9-82a1-912c34eaed5f",
            "0.4.0": "9d2f6f0a-0b1e-4b54-8f0e-3a6f3c1f7c21",
        ]
        #expect(try await journal.instanceID(host: "build-7") == id[version])
    }

    @Test("A second opening changes nothing", arguments: versions)
    func twice(_ version: String) throws {
        let state = StateDirectory()
        try released(version, in: state)
        _ = try Journal(directory: state.path)
        let once = try content(of: state.path + "/journal.db")
        _ = try Journal(directory: state.path, now: Date(timeIntervalSince1970: 2_000_000_000))
        #expect(try content(of: state.path + "/journal.db") == once)
    }

    @Test("A migrated journal has the schema of a new one, and goes on", arguments: versions)
    func likeNew(_ version: String) async throws {
        let (old, new) = (StateDirectory(), StateDirectory())
        try released(version, in: old)
        let journal = try Journal(directory: old.path)
        _ = try Journal(directory: new.path)
        let schema = { (state: StateDirectory) in
            try content(of: state.path + "/journal.db").filter { $0.contains("sql:") }
        }
        #expect(try schema(old) == schema(new))
        try await journal.begin(.stub("r9.1"))
        try await journal.finish(.stub("r9.1").ended(), usage: [.stub("r9.1")])
        #expect(try journal.totals().attempts["completed"] == 2)
    }

    @Test("A program of the first schema goes on in a journal of the present one", arguments: versions)
    func oldProgram(_ version: String) async throws {
        let state = StateDirectory()
        try released(version, in: state)
        let journal = try Journal(directory: state.path)
        let queue = try DatabaseQueue(path: state.path + "/journal.db")
        try await queue.write { database in
            try database.execute(
                sql: """
                    UPDATE attempt SET ended_at = started_at + 5, duration_ms = 5, status = 'failed', cause = 'c',
                        exit_code = 1, verdict = 'unchecked', turns = 0, output = '' WHERE ended_at IS NULL
                    """
            )
        }
        let closed = try await journal.attempt("20251122-091000-00000e.1")
        #expect(closed?.end?.milliseconds == 5 && closed?.end?.notes == [] && closed?.end?.isCostEstimated == false)
    }

    @Test("A program of the second schema goes on in a journal of the present one")
    func secondProgram() async throws {
        let state = StateDirectory()
        try released("0.4.0", in: state)
        let journal = try Journal(directory: state.path)
        let queue = try DatabaseQueue(path: state.path + "/journal.db")
        try await queue.write { database in
            try database.execute(
                sql: """
                    UPDATE attempt SET ended_at = started_at + 5, duration_ms = 5, status = 'failed', cause = 'c',
                        exit_code = 1, verdict = 'unchecked', turns = 0, output = '', cost_estimated = 1, notes = '[]',
                        retries = 0, fixes = 0 WHERE ended_at IS NULL;
                    INSERT INTO usage (attempt_id, model, input_tokens, output_tokens, cache_read_tokens,
                        cache_creation_tokens, cost_usd) VALUES ('20251122-091000-00000e.1', 'm', 1, 2, 3, 4, 0.5);
                    """
            )
        }
        let usage = try await journal.usage(ofAttempt: "20251122-091000-00000e.1")
        #expect(usage.map(\.cacheCreationTokens) == [4] && usage[0].thinkingTokens == nil)
        let totals = try journal.totals()
        #expect(totals.models["m"]?.outputTokens == 2 && totals.models["m"]?.thinkingTokens == nil)
    }

    @Test("A newer version's journal is refused with the way out, and not touched")
    func newer() throws {
        let state = StateDirectory()
        let path = state.path + "/journal.db"
        _ = try Journal(directory: state.path)
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('3 of tomorrow')")
            try database.execute(sql: "DROP TABLE health_check")
        }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let error = #expect(throws: JournalError.self) { try Journal(directory: state.path) }
        #expect(error?.code == .newerSchema("3 of tomorrow"))
        #expect(error?.description.contains(path) == true)
        #expect(error?.description.contains("Update orchestrator") == true)
        #expect(throws: JournalError.self) { try Journal(existing: state.path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("Who only reads makes no journal")
    func readOnly() async throws {
        let state = StateDirectory()
        #expect(try Journal(existing: state.path) == nil)
        #expect(!FileManager.default.fileExists(atPath: state.path))
        try FileManager.default.createDirectory(atPath: state.path, withIntermediateDirectories: true)
        #expect(try Journal(existing: state.path) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: state.path) == [])
        try await Journal(directory: state.path).begin(.stub())
        #expect(try await Journal(existing: state.path)?.attempts().count == 1)
    }
}
