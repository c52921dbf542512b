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
        migrator.registerMigration("2 plans, continuations and health", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: plansContinuationsAndHealth)
        }
        migrator.registerMigration("3 operations, tools and thinking", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: operationsToolsAndThinking)
        }
        return migrator
    }

    /// The last migration of a database that only a newer version of the program knows, or nil.
    static func newerMigration(_ database: Database, than migrator: DatabaseMigrator) throws -> String? {
        guard try migrator.hasBeenSuperseded(database) else { return nil }
        let known = Set(migrator.migrations)
        return try migrator.appliedIdentifiers(database).filter { !known.contains($0) }.max()
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

    /// Only adds, so that a program of the first schema can go on writing beside newer ones.
    ///
    /// `attempt_by_start` has all that a list is filtered by, so that no filter reads whole rows; the others name the few
    /// rows that a question is about, or cover a sum. The questions say which index they take, as the planner, which has no
    /// statistics, would rather read every row.
    private static let plansContinuationsAndHealth = """
        CREATE TABLE plan (
            hash TEXT PRIMARY KEY,
            path TEXT NOT NULL,
            content BLOB NOT NULL,
            first_seen INTEGER NOT NULL
        ) WITHOUT ROWID;

        ALTER TABLE attempt ADD COLUMN plan_path TEXT;
        ALTER TABLE attempt ADD COLUMN plan_hash TEXT REFERENCES plan (hash);
        ALTER TABLE attempt ADD COLUMN workspace TEXT;
        ALTER TABLE attempt ADD COLUMN continues TEXT REFERENCES attempt (id);
        ALTER TABLE attempt ADD COLUMN program_version TEXT;
        ALTER TABLE attempt ADD COLUMN agent_version TEXT;
        ALTER TABLE attempt ADD COLUMN task_options TEXT;
        ALTER TABLE attempt ADD COLUMN answer TEXT;
        ALTER TABLE attempt ADD COLUMN cost_estimated INTEGER;
        ALTER TABLE attempt ADD COLUMN resume_at INTEGER;
        ALTER TABLE attempt ADD COLUMN advice TEXT;
        ALTER TABLE attempt ADD COLUMN notes TEXT;
        ALTER TABLE attempt ADD COLUMN verification TEXT;
        ALTER TABLE attempt ADD COLUMN changes TEXT;
        ALTER TABLE attempt ADD COLUMN processes TEXT;
        ALTER TABLE attempt ADD COLUMN retries INTEGER;
        ALTER TABLE attempt ADD COLUMN fixes INTEGER;

        CREATE INDEX attempt_by_start ON attempt (started_at, id, status, task_id, plan_path, plan_file, replayed);
        CREATE INDEX attempt_by_ending ON attempt (substr(run_id, -4));
        CREATE INDEX attempt_by_session ON attempt (session_id) WHERE session_id IS NOT NULL;
        CREATE INDEX attempt_by_continued ON attempt (continues) WHERE continues IS NOT NULL;
        CREATE INDEX attempt_open ON attempt (plan_path, task_id) WHERE ended_at IS NULL;
        CREATE INDEX attempt_question ON attempt (started_at) WHERE status = 'needs_human' AND NOT replayed;
        CREATE INDEX attempt_uncounted ON attempt (replayed, ended_at) WHERE replayed OR ended_at IS NULL;
        CREATE INDEX attempt_duration ON attempt (replayed, status, duration_ms) WHERE status IS NOT NULL;

        CREATE TABLE health_check (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            status TEXT NOT NULL,
            checks TEXT NOT NULL
        );

        CREATE INDEX health_check_by_status ON health_check (status);
        """

    /// Only adds, as the second schema does.
    ///
    /// `distribution`, `tool_total` and `duration_example` are running totals, brought forward with each attempt's end; what
    /// an older program records beside newer ones is not in them. `open_operations` has what is not yet in them of attempts
    /// that run.
    private static let operationsToolsAndThinking = """
        ALTER TABLE usage ADD COLUMN thinking_tokens INTEGER;

        CREATE TABLE tool_use (
            attempt_id TEXT NOT NULL REFERENCES attempt (id),
            tool TEXT NOT NULL,
            calls INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            denied INTEGER NOT NULL,
            PRIMARY KEY (attempt_id, tool)
        ) WITHOUT ROWID;

        CREATE TABLE open_operations (
            attempt_id TEXT PRIMARY KEY REFERENCES attempt (id),
            operations BLOB NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE tool_total (
            tool TEXT PRIMARY KEY,
            calls INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            denied INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE distribution (
            metric TEXT NOT NULL,
            attributes TEXT NOT NULL,
            bucket_counts TEXT NOT NULL,
            sum REAL NOT NULL,
            min REAL NOT NULL,
            max REAL NOT NULL,
            PRIMARY KEY (metric, attributes)
        ) WITHOUT ROWID;

        CREATE TABLE duration_example (
            status TEXT NOT NULL,
            bucket INTEGER NOT NULL,
            trace_id TEXT NOT NULL,
            duration_ms INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            PRIMARY KEY (status, bucket)
        ) WITHOUT ROWID;

        CREATE INDEX attempt_outcome ON attempt (replayed, status, cause, claim, verdict) WHERE status IS NOT NULL;
        CREATE INDEX attempt_estimated ON attempt (started_at) WHERE cost_estimated OR ended_at IS NULL;
        CREATE INDEX attempt_history ON attempt (plan_path, task_id, started_at, agent, status, duration_ms)
            WHERE ended_at IS NOT NULL AND NOT replayed;
        """
}

extension Date {
    /// Whole milliseconds since 1970 (UTC), as times are kept in the journal.
    var unixMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(unixMilliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(unixMilliseconds) / 1000)
    }
}
