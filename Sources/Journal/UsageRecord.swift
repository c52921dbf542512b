import GRDB

/// What one attempt used of one model: a row of the table `usage`.
package struct UsageRecord: Sendable, Equatable, Codable, FetchableRecord, PersistableRecord {
    package static let databaseTableName = "usage"

    /// The attempt.
    package var attemptID: String
    /// The model's name.
    package var model: String
    /// Input tokens outside the cache.
    package var inputTokens: Int
    /// Output tokens.
    package var outputTokens: Int
    /// Input tokens read from the cache.
    package var cacheReadTokens: Int
    /// Input tokens written to the cache.
    package var cacheCreationTokens: Int
    /// Those of the output tokens that were thinking; nil where nobody told.
    package var thinkingTokens: Int?
    /// The cost in USD.
    package var costUSD: Double

    private enum CodingKeys: String, CodingKey {
        case attemptID = "attempt_id"
        case model
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case cacheReadTokens = "cache_read_tokens"
        case cacheCreationTokens = "cache_creation_tokens"
        case thinkingTokens = "thinking_tokens"
        case costUSD = "cost_usd"
    }

    package init(
        attemptID: String,
        model: String,
        inputTokens: Int,
        outputTokens: Int,
        cacheReadTokens: Int,
        cacheCreationTokens: Int,
        thinkingTokens: Int? = nil,
        costUSD: Double
    ) {
        self.attemptID = attemptID
        self.model = model
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cacheReadTokens = cacheReadTokens
        self.cacheCreationTokens = cacheCreationTokens
        self.thinkingTokens = thinkingTokens
        self.costUSD = costUSD
    }
}
