import Foundation
import Synchronization

/// A user's machine in small: a scratch directory with state, workspace and home, and an environment that has nothing but
/// what is set here.
final class Place: Sendable {
    let directory: String
    let workspace: String
    let state: String
    /// What the program is given beside PATH, HOME and the Docker daemon's address.
    let environment: [String: String]

    /// Makes one whose telemetry goes to a collector; without one nothing says where it goes.
    init(collector: String?, environment: [String: String] = [:]) throws {
        directory = "/tmp/orchestrator-e2e-\(UUID().uuidString)"
        workspace = directory + "/workspace"
        state = directory + "/state"
        for path in [workspace, directory + "/home"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        var all = Equipment.base
        all["HOME"] = directory + "/home"
        all["ORCHESTRATOR_STATE_DIR"] = state
        all["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector
        // A busy machine must not turn what is about something else into a test of the bound at exit.
        all["ORCHESTRATOR_TELEMETRY_TIMEOUT"] = "30s"
        // All spans of an attempt leave in one request, however slow the machine; who watches them come sets it otherwise.
        all["OTEL_BSP_SCHEDULE_DELAY"] = "600000"
        self.environment = all.merging(environment) { $1 }
        Leftovers.add(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Starts the program in this place.
    func start(_ arguments: [String], environment more: [String: String] = [:]) throws -> Program {
        try Program(
            Equipment.orchestrator,
            arguments,
            environment: environment.merging(more) { $1 },
            directory: directory,
            files: directory
        )
    }

    /// Runs the program to its end.
    func run(
        _ arguments: [String],
        environment more: [String: String] = [:],
        within limit: Duration = .seconds(90)
    ) async throws -> Program.End {
        try await start(arguments, environment: more).end(within: limit)
    }

    /// Runs a recording in the local sandbox.
    func replay(
        _ recording: String,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Program.End {
        let arguments = ["task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "local"]
        return try await run(
            arguments + ["--agent", Equipment.replay(recording), "--workspace", workspace] + more,
            // All spans in one request at the end, however slow the machine is.
            environment: ["OTEL_BSP_SCHEDULE_DELAY": "600000"].merging(environment) { $1 }
        )
    }

    /// Writes a file below the directory and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: directory).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// The names of what lies in the spool.
    var spool: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: state + "/spool").filter { !$0.hasPrefix(".") }) ?? []
    }

    /// The attempts in the journal, oldest first, each with its `usage`; read by Python's sqlite3.
    func journal() async throws -> [JSON] {
        guard FileManager.default.fileExists(atPath: state + "/journal.db") else { return [] }
        let script = """
            import json, sqlite3, sys
            db = sqlite3.connect(sys.argv[1], timeout=60)
            db.row_factory = sqlite3.Row
            # The file is there a moment before its tables are.
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'health_check'").fetchone():
                print("[]")
                sys.exit()
            attempts = [dict(row) for row in db.execute("SELECT * FROM attempt ORDER BY started_at, id")]
            for attempt in attempts:
                usage = db.execute("SELECT * FROM usage WHERE attempt_id = ?", [attempt["id"]])
                attempt["usage"] = [dict(row) for row in usage]
            print(json.dumps(attempts))
            """
        return try await python(script, [state + "/journal.db"]).json.array
    }

    /// Whether SQLite finds the journal whole, and every reference in it leads somewhere.
    func journalIsWhole() async throws -> Bool {
        guard FileManager.default.fileExists(atPath: state + "/journal.db") else { return true }
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            print(db.execute("PRAGMA integrity_check").fetchall(), db.execute("PRAGMA foreign_key_check").fetchall())
            """
        return try await python(script, [state + "/journal.db"]).output == "[('ok',)] []\n"
    }

    /// Runs a script of Python to its end.
    func python(_ script: String, _ arguments: [String]) async throws -> Program.End {
        try await Program(
            Equipment.python,
            ["-c", script] + arguments,
            environment: Equipment.base,
            directory: directory,
            files: directory
        )
        .end()
    }
}

extension Program.End {
    /// Standard output as the one JSON object that it must be.
    var json: JSON { get throws { try JSON(outputBytes) } }

    /// The run's id, by text or by JSON.
    var runID: String? { output.firstMatch(of: /Run: +(\S+)/).map { String($0.1) } ?? (try? json)?["run_id"].string }

    /// The trace's id, by text or by JSON.
    var traceID: String? {
        output.firstMatch(of: /Trace: +([0-9a-f]{32})\n/).map { String($0.1) } ?? (try? json)?["trace_id"].string
    }
}

/// Directories of values that live as long as the tests do: removed at the end.
private enum Leftovers {
    private static let directories: Mutex<Set<String>> = {
        atexit { Leftovers.remove() }
        return Mutex([])
    }()

    static func add(_ directory: String) {
        _ = directories.withLock { $0.insert(directory) }
    }

    private static func remove() {
        for directory in directories.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: directory) }
    }
}
