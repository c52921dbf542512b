package import Foundation
import GRDB

/// Sums over all ended attempts of a journal that were not replays: the source of the cumulative metrics.
package struct JournalTotals: Sendable, Equatable {
    /// Since when the sums count.
    package var since: Date
    /// Ended attempts by status; a status without attempts is absent.
    package var attempts: [String: Int] = [:]
    /// Tokens and cost by model.
    package var models: [String: ModelTotals] = [:]
    /// How long ended attempts took, by status.
    package var durations: [String: DurationTotals] = [:]

    /// What one model was used for.
    package struct ModelTotals: Sendable, Equatable {
        /// Input tokens outside the cache.
        package var inputTokens: Int
        /// Output tokens.
        package var outputTokens: Int
        /// Input tokens read from the cache.
        package var cacheReadTokens: Int
        /// Input tokens written to the cache.
        package var cacheCreationTokens: Int
        /// The cost in USD.
        package var costUSD: Double
    }

    /// A histogram of durations.
    package struct DurationTotals: Sendable, Equatable {
        /// Attempts in each bucket: one more than there are bounds, upper bounds inclusive.
        package var bucketCounts: [Int]
        /// The sum in seconds.
        package var sumSeconds: Double
        /// The shortest and the longest in seconds.
        package var minSeconds: Double
        package var maxSeconds: Double
    }

    /// The bounds of the duration histogram in seconds: from an instant replay to a day's work.
    package static let durationBounds: [Double] = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200]

    init(reading database: Database, since: Date) throws {
        self.since = since
        for row in try Row.fetchAll(database, sql: Self.usageByModel) {
            models[row["model"]] = ModelTotals(
                inputTokens: row["input"],
                outputTokens: row["output"],
                cacheReadTokens: row["cache_read"],
                cacheCreationTokens: row["cache_creation"],
                costUSD: row["cost"]
            )
        }
        for row in try Row.fetchAll(database, sql: Self.durationsByStatus) {
            let buckets = (0...Self.durationBounds.count).map { index -> Int in row["bucket\(index)"] }
            let status: String = row["status"]
            attempts[status] = row["attempts"]
            durations[status] = DurationTotals(
                bucketCounts: buckets,
                sumSeconds: row["sum"] / 1000,
                minSeconds: row["min"] / 1000,
                maxSeconds: row["max"] / 1000
            )
        }
    }

    private static let usageByModel = """
        SELECT model, SUM(input_tokens) AS input, SUM(output_tokens) AS output, SUM(cache_read_tokens) AS cache_read,
            SUM(cache_creation_tokens) AS cache_creation, SUM(usage.cost_usd) AS cost
        FROM usage JOIN attempt ON attempt.id = usage.attempt_id
        WHERE NOT attempt.replayed
        GROUP BY model
        """

    private static var durationsByStatus: String {
        let lower = [-1] + durationBounds.map { Int($0 * 1000) }
        let columns = lower.indices.map { index in
            let upper = index + 1 < lower.count ? " AND duration_ms <= \(lower[index + 1])" : ""
            return "SUM(duration_ms > \(lower[index])\(upper)) AS bucket\(index)"
        }
        return """
            SELECT status, COUNT(*) AS attempts, SUM(duration_ms) AS sum, MIN(duration_ms) AS min,
                MAX(duration_ms) AS max, \(columns.joined(separator: ", "))
            FROM attempt
            WHERE NOT replayed AND status IS NOT NULL
            GROUP BY status
            """
    }
}
