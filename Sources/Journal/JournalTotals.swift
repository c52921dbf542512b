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
    /// Ended attempts by what they came to.
    package var outcomes: [OutcomeCount] = []
    /// Tool calls, by tool.
    package var tools: [ToolUse] = []
    /// What the operations of all sessions were like.
    package var distributions: [OperationTotals] = []
    /// Questions that wait for an answer now.
    package var openQuestions = 0
    /// Health checks by status; every status is there, also with zero.
    package var healthChecks: [String: Int] = [:]

    /// What one model was used for, or all models together.
    package struct ModelTotals: Sendable, Equatable {
        /// Input tokens outside the cache.
        package var inputTokens = 0
        /// Output tokens.
        package var outputTokens = 0
        /// Input tokens read from the cache.
        package var cacheReadTokens = 0
        /// Input tokens written to the cache.
        package var cacheCreationTokens = 0
        /// Those of the output tokens that were thinking, as far as was told; nil if nothing was.
        package var thinkingTokens: Int?
        /// The cost in USD.
        package var costUSD = 0.0

        /// All tokens together.
        package var totalTokens: Int { inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens }

        /// Nothing.
        package init() {}

        /// The columns from which ``init(row:)`` reads, as sums over the table `usage`.
        static let sums = """
            IFNULL(SUM(usage.input_tokens), 0) AS input,
            IFNULL(SUM(usage.output_tokens), 0) AS output,
            IFNULL(SUM(usage.cache_read_tokens), 0) AS cache_read,
            IFNULL(SUM(usage.cache_creation_tokens), 0) AS cache_creation,
            SUM(usage.thinking_tokens) AS thinking,
            TOTAL(usage.cost_usd) AS cost
            """

        init(row: Row) {
            inputTokens = row["input"]
            outputTokens = row["output"]
            cacheReadTokens = row["cache_read"]
            cacheCreationTokens = row["cache_creation"]
            thinkingTokens = row["thinking"]
            costUSD = row["cost"]
        }
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
        /// The newest traced attempt of each bucket that has one, by bucket.
        package var examples: [DurationExample] = []
    }

    /// One attempt as an example of its bucket.
    package struct DurationExample: Sendable, Equatable {
        /// The trace's id, 32 hexadecimal digits.
        package var traceID: String
        /// How long it took.
        package var seconds: Double
        /// When it ended.
        package var endedAt: Date
    }

    /// How many ended attempts came to the same.
    package struct OutcomeCount: Sendable, Equatable {
        package var status: String
        package var cause: String
        /// What the agent claimed, nil if nothing.
        package var claim: String?
        package var verdict: String
        package var attempts: Int
    }

    /// The values of one metric with one set of attributes.
    package struct OperationTotals: Sendable, Equatable {
        package var metric: OperationMetric
        package var attributes: [String: String]
        package var values: Distribution
    }

    /// The bounds of the duration histogram in seconds: from an instant replay to a day's work.
    package static let durationBounds: [Double] = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200]

    init(reading database: Database, since: Date) throws {
        self.since = since
        for row in try Row.fetchAll(database, sql: Self.usageByModel) {
            models[row["model"]] = ModelTotals(row: row)
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
        for row in try Row.fetchAll(database, sql: "SELECT * FROM duration_example ORDER BY status, bucket") {
            let milliseconds: Int = row["duration_ms"]
            let example = DurationExample(
                traceID: row["trace_id"],
                seconds: Double(milliseconds) / 1000,
                endedAt: Date(unixMilliseconds: row["ended_at"])
            )
            durations[row["status"]]?.examples.append(example)
        }
        outcomes = try Row.fetchAll(database, sql: Self.outcomeCounts).map(OutcomeCount.init)
        tools = try ToolUse.fetchAll(database, sql: "SELECT * FROM tool_total ORDER BY tool")
        distributions = try Row.fetchAll(database, sql: "SELECT * FROM distribution ORDER BY metric, attributes")
            .compactMap(OperationTotals.init)
        for status in HealthCheckRecord.Status.allCases { healthChecks[status.rawValue] = 0 }
        for row in try Row.fetchAll(database, sql: "SELECT status, COUNT(*) AS n FROM health_check GROUP BY status") {
            healthChecks[row["status"]] = row["n"]
        }
    }

    /// The few attempts that do not count are left out, instead of looking up each one that does.
    private static let usageByModel = """
        SELECT model, \(ModelTotals.sums)
        FROM usage
        WHERE attempt_id NOT IN (
            SELECT id FROM attempt INDEXED BY attempt_uncounted WHERE replayed OR ended_at IS NULL
        )
        GROUP BY model
        """

    private static let outcomeCounts = """
        SELECT status, cause, claim, verdict, COUNT(*) AS attempts
        FROM attempt INDEXED BY attempt_outcome
        WHERE replayed = 0 AND status IS NOT NULL
        GROUP BY status, cause, claim, verdict
        """

    /// Each bucket is a range of the index, which is counted faster than each row is asked for its bucket.
    private static var durationsByStatus: String {
        let source = "attempt INDEXED BY attempt_duration WHERE replayed = 0"
        let lower = [-1] + durationBounds.map { Int($0 * 1000) }
        let buckets = lower.indices.map { index in
            let upper = index + 1 < lower.count ? " AND duration_ms <= \(lower[index + 1])" : ""
            let range = "duration_ms > \(lower[index])\(upper)"
            return "(SELECT COUNT(*) FROM \(source) AND status = ended.status AND \(range)) AS bucket\(index)"
        }
        return """
            SELECT ended.*, \(buckets.joined(separator: ", "))
            FROM (
                SELECT status, COUNT(*) AS attempts, SUM(duration_ms) AS sum, MIN(duration_ms) AS min,
                    MAX(duration_ms) AS max
                FROM \(source) AND status IS NOT NULL
                GROUP BY status
            ) AS ended
            """
    }
}

extension JournalTotals.OutcomeCount {
    init(row: Row) {
        status = row["status"]
        cause = row["cause"]
        claim = row["claim"]
        verdict = row["verdict"]
        attempts = row["attempts"]
    }
}

extension JournalTotals.OperationTotals {
    /// Reads a row of the table `distribution`; nil if it is of a metric that this version does not know.
    init?(row: Row) throws {
        guard let metric = OperationMetric(rawValue: row["metric"]),
            let values = try Distribution(row, bounds: metric.bounds)
        else { return nil }
        self.metric = metric
        self.values = values
        let text: String = row["attributes"]
        attributes = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }
}
