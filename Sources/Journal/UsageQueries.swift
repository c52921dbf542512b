package import Foundation
import GRDB

extension Journal {
    /// What one attempt used, a record a model.
    package func usage(ofAttempt id: String) async throws -> [UsageRecord] {
        try await database.read { database in
            try UsageRecord.filter(sql: "attempt_id = ?", arguments: [id]).order(sql: "model").fetchAll(database)
        }
    }

    /// What the agent's own cumulative count of a session has, by model: the sum over the session's ended attempts.
    ///
    /// Attempts whose cost is an estimate are not in it, since the agent came to count nothing; replays neither.
    package func usage(ofSession sessionID: String) async throws -> [String: JournalTotals.ModelTotals] {
        let sql = """
            SELECT model, \(JournalTotals.ModelTotals.sums)
            FROM attempt INDEXED BY attempt_by_session JOIN usage ON usage.attempt_id = attempt.id
            WHERE session_id = ? AND ended_at IS NOT NULL AND NOT replayed AND cost_estimated IS NOT TRUE
            GROUP BY model
            """
        return try await database.read { database in
            let rows = try Row.fetchAll(database, sql: sql, arguments: [sessionID])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["model"], JournalTotals.ModelTotals(row: $0)) })
        }
    }

    /// The cost in USD of all attempts that began at this time or later, those that run included, replays not.
    package func cost(since date: Date) async throws -> Double {
        let sql = """
            SELECT TOTAL(usage.cost_usd)
            FROM attempt INDEXED BY attempt_by_start JOIN usage ON usage.attempt_id = attempt.id
            WHERE started_at >= ? AND NOT replayed
            """
        return try await database.read { database in
            try Double.fetchOne(database, sql: sql, arguments: [date.unixMilliseconds]) ?? 0
        }
    }
}
