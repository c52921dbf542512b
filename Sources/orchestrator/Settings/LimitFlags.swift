import ArgumentParser

/// The flags that bound an attempt, and say what is done when something that passes is in its way.
struct LimitFlags: ParsableArguments {
    @Option(help: "The limit of turns (default: 50).")
    var maxTurns: Int?

    @Option(help: "The limit of time, such as 90, 45s, 10m or 1h30m (default: 10m).")
    var timeout: TimeSpan?

    @Option(help: "The limit of time without any event from the agent; none or 0 for no limit (default: 15m).")
    var idleTimeout: Limit<TimeSpan>?

    @Option(help: "The limit of tokens of all kinds, such as 200000, 200k or 2M; none for no limit (default: none).")
    var maxTokens: Limit<TokenCount>?

    @Option(help: "The limit of cost in USD, such as 0.5 or $2.50; none for no limit (default: none).")
    var maxCost: Limit<Money>?

    @Option(help: "The limit of cost in USD of all runs of a day, by local time; none for no limit (default: none).")
    var maxCostPerDay: Limit<Money>?

    @Option(help: "How often to try again after a failure that passes, such as an overload, 0 to 10 (default: 2).")
    var retries: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Wait until the account's usage limit resets, or end with exit code 3 at once (default: --no-wait)."
    )
    var wait: Bool?

    func validate() throws {
        if let maxTurns, maxTurns < 1 { throw ValidationError("--max-turns takes a whole number from 1 up.") }
        if let retries, !LimitSettings.fewTimes.contains(retries) { throw ValidationError("--retries takes 0 to 10.") }
    }
}
