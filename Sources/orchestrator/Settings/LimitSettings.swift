/// What bounds an attempt, and what is done about things that pass.
struct LimitSettings: Sendable, Equatable {
    /// The limit of turns.
    var maxTurns: Int
    /// The limit of time.
    var taskTimeout: Duration
    /// The limit of time without any event from the agent; longer than its longest Bash call (10 minutes) by default.
    var idleTimeout: Duration?
    /// The limit of tokens of an attempt.
    var maxTokens: Int?
    /// The limit of an attempt's cost in USD.
    var maxCostUSD: Double?
    /// The limit of the cost in USD of all attempts of a calendar day, by local time.
    var maxCostPerDayUSD: Double?
    /// How often an invocation is tried again after a failure that passes.
    var retries: Int
    /// Whether a usage limit's reset is waited for.
    var waitsForReset: Bool

    /// How often something may be done again.
    static let fewTimes = 0...10

    init(flags: LimitFlags, values: SettingValues) throws {
        maxTurns = try flags.maxTurns ?? values.value("max_turns", "a whole number from 1 up", Self.positive) ?? 50
        let timeout = try values.time("task_timeout") ?? values.time("task_timeout_seconds")
        taskTimeout = flags.timeout?.duration ?? timeout ?? .seconds(600)
        let idle = try values.value("idle_timeout", "a time such as 90, 45s or 10m, or none", Limit<TimeSpan>.init(_:))
        idleTimeout = (flags.idleTimeout ?? idle).map { $0.value?.duration } ?? .seconds(900)
        let tokens = try values.value(
            "max_tokens",
            "a number such as 200000, 200k or 2M, or none",
            Limit<TokenCount>.init(_:)
        )
        maxTokens = (flags.maxTokens ?? tokens)?.value?.tokens
        maxCostUSD = try (flags.maxCost ?? values.money("max_cost"))?.value?.usd
        maxCostPerDayUSD = try (flags.maxCostPerDay ?? values.money("max_cost_per_day"))?.value?.usd
        retries = try flags.retries ?? values.value("retries", "0 to 10", Self.fewTimes(_:)) ?? 2
        waitsForReset = try flags.wait ?? values.flag("wait") ?? false
    }

    /// A number of times, if it is one of ``fewTimes``.
    static func fewTimes(_ text: String) -> Int? {
        Int(text).flatMap { fewTimes.contains($0) ? $0 : nil }
    }

    private static func positive(_ text: String) -> Int? {
        Int(text).flatMap { $0 > 0 ? $0 : nil }
    }
}
