package import Foundation
import GRDB

/// The record of all runs in one state directory: an SQLite database, safe for several processes at once.
///
/// Rows are committed before anything that depends on them happens, in write-ahead mode with full synchronisation, so
/// that a kill at any moment loses nothing that had been recorded.
package final class Journal: Sendable {
    private let database: DatabaseQueue

    /// Seconds that another process may hold the database.
    private static let patience: TimeInterval = 10

    /// When the journal was made: the start time of all totals.
    package let createdAt: Date

    /// Opens the journal of a state directory, and makes both where they are missing.
    ///
    /// - Parameters:
    ///   - directory: The state directory; the database in it is `journal.db`.
    ///   - now: The time that a new journal bears as its creation.
    /// - Throws: ``JournalError`` naming the file and the way out.
    package init(directory: String, now: Date = Date()) throws {
        let path = directory + "/journal.db"
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            var configuration = Configuration()
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(Self.patience)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            // SQLite does not wait when a new database changes its mode, and two migrations at once would both begin anew.
            let lock = OpeningLock(directory + "/journal.lock", patience: Self.patience)
            defer { withExtendedLifetime(lock) {} }
            database = try DatabaseQueue(path: path, configuration: configuration)
            try JournalSchema.migrator(createdAt: now).migrate(database)
            createdAt = try database.read { database in
                let milliseconds = try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'created_at'")
                return Date(unixMilliseconds: milliseconds ?? 0)
            }
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    /// A random id of this journal on one host, the same at every call: `service.instance.id`.
    ///
    /// - Parameter host: The host's name; a journal on a shared disk has one id for each.
    /// - Returns: A UUID in small letters.
    /// - Throws: What SQLite says.
    package func instanceID(host: String) async throws -> String {
        let key = "instance_id@" + host
        return try await database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)",
                arguments: [key, UUID().uuidString.lowercased()]
            )
            let id = try String.fetchOne(database, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
            guard let id else { throw DatabaseError(message: "meta has no \(key)") }
            return id
        }
    }

    /// Records that an attempt begins.
    package func begin(_ attempt: AttemptRecord) async throws {
        try await database.write { try attempt.insert($0) }
    }

    /// Records how an attempt ended and what it used, in one transaction.
    ///
    /// - Parameters:
    ///   - attempt: The whole row, which takes the place of the one recorded at the beginning.
    ///   - usage: One record a model.
    /// - Throws: What SQLite says.
    package func finish(_ attempt: AttemptRecord, usage: [UsageRecord]) async throws {
        try await database.write { database in
            try attempt.update(database)
            for record in usage { try record.insert(database) }
        }
    }

    /// The attempt of this id, or nil.
    package func attempt(_ id: String) async throws -> AttemptRecord? {
        try await database.read { try AttemptRecord.fetchOne($0, key: id) }
    }

    /// Every attempt, oldest first.
    package func attempts() async throws -> [AttemptRecord] {
        try await database.read { try AttemptRecord.order(sql: "started_at, id").fetchAll($0) }
    }

    /// What one attempt used, a record a model.
    package func usage(ofAttempt id: String) async throws -> [UsageRecord] {
        try await database.read { database in
            try UsageRecord.filter(sql: "attempt_id = ?", arguments: [id]).order(sql: "model").fetchAll(database)
        }
    }

    /// The sums over all ended attempts that were not replays.
    ///
    /// Blocks the calling thread for a moment, as collecting metrics is synchronous.
    package func totals() throws -> JournalTotals {
        try database.read { try JournalTotals(reading: $0, since: createdAt) }
    }
}
