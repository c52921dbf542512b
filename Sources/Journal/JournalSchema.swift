import Foundation
import GRDB

/// The schema of the journal, as the list of its migrations.
///
/// A released migration is never changed.
enum JournalSchema {
    /// The migrations in their order.
    ///
    /// - Parameter createdAt: The creation time that a new journal records.
    /// - Returns: A migrator that brings any released schema to the present one.
    static func migrator(createdAt: Date) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 attempts and their usage") { database in
            try database.execute(sql: attemptsAndUsage)
            try database.execute(
                sql: "INSERT INTO meta (key, value) VALUES ('created_at', ?)",
                arguments: [createdAt.unixMilliseconds]
            )
        }
        return migrator
    }

    /// Times are milliseconds since 1970 (UTC).
    ///
    /// A column that is null is not known, or not yet.
    private static let attemptsAndUsage = """
        CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE attempt (
            id TEXT PRIMARY KEY,
            run_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            plan_file TEXT NOT NULL,
            milestone_id TEXT NOT NULL,
            task_id TEXT NOT NULL,
            task_title TEXT NOT NULL,
            agent TEXT NOT NULL,
            sandbox TEXT NOT NULL,
            container TEXT,
            replayed INTEGER NOT NULL,
            process_id INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            trace_id TEXT,
            stream TEXT NOT NULL,
            ended_at INTEGER,
            duration_ms INTEGER,
            status TEXT,
            cause TEXT,
            exit_code INTEGER,
            claim TEXT,
            verdict TEXT,
            session_id TEXT,
            cost_usd REAL,
            turns INTEGER,
            output TEXT,
            question TEXT,
            options TEXT,
            recommendation TEXT,
            error TEXT
        ) WITHOUT ROWID;

        CREATE INDEX attempt_by_run ON attempt (run_id, number);

        CREATE TABLE usage (
            attempt_id TEXT NOT NULL REFERENCES attempt (id),
            model TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cache_read_tokens INTEGER NOT NULL,
            cache_creation_tokens INTEGER NOT NULL,
            cost_usd REAL NOT NULL,
            PRIMARY KEY (attempt_id, model)
        ) WITHOUT ROWID;
        """
}

extension Date {
    /// Whole milliseconds since 1970 (UTC), as times are kept in the journal.
    var unixMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(unixMilliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(unixMilliseconds) / 1000)
    }
}
