package import Foundation
import GRDB

/// The record of all runs in one state directory: an SQLite database, safe for several processes at once.
///
/// Rows are committed before anything that depends on them happens, in write-ahead mode with full synchronisation, so
/// that a kill at any moment loses nothing that had been recorded.
package final class Journal: Sendable {
    let database: DatabaseQueue

    /// The state directory, with the streams under `runs`.
    package let directory: String

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
        self.directory = directory
        let path = Self.path(in: directory)
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            var configuration = Configuration()
            configuration.busyMode = .timeout(Self.patience)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            // SQLite does not wait when a new database changes its mode, and two migrations at once would both begin anew.
            let lock = OpeningLock(directory + "/journal.lock", patience: Self.patience)
            defer { withExtendedLifetime(lock) {} }
            database = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = JournalSchema.migrator(createdAt: now)
            if let newer = try database.read({ try JournalSchema.newerMigration($0, than: migrator) }) {
                throw JournalError(.newerSchema(newer), path: path)
            }
            // Not by GRDB's setting, which lowers the synchronisation again and writes at each opening.
            let mode = try database.inDatabase { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
            guard mode == "wal" else { throw DatabaseError(message: "no write-ahead mode on this file system") }
            try migrator.migrate(database)
            createdAt = try database.read { database in
                let milliseconds = try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'created_at'")
                return Date(unixMilliseconds: milliseconds ?? 0)
            }
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    /// Opens the journal of a state directory if there is one, and makes nothing if not.
    ///
    /// - Throws: ``JournalError`` naming the file and the way out.
    package convenience init?(existing directory: String) throws {
        guard FileManager.default.fileExists(atPath: Self.path(in: directory)) else { return nil }
        try self.init(directory: directory)
    }

    private static func path(in directory: String) -> String { directory + "/journal.db" }

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

    /// The sums over all ended attempts that were not replays.
    ///
    /// Blocks the calling thread for a moment, as collecting metrics is synchronous.
    package func totals() throws -> JournalTotals {
        try database.read { database in
            var totals = try JournalTotals(reading: database, since: createdAt)
            totals.openQuestions = try openQuestions(in: database) { isAlive($0) }.count
            return totals
        }
    }
}
