/// The tokens of one response of the model, as the service counts them.
struct TokenCounts: Sendable, Equatable {
    var input = 0
    var output = 0
    var cacheRead = 0
    var cacheCreation = 0

    /// The larger one of each: a later record of the same response tells at least as much as an earlier one.
    func merged(with other: TokenCounts) -> TokenCounts {
        TokenCounts(
            input: max(input, other.input),
            output: max(output, other.output),
            cacheRead: max(cacheRead, other.cacheRead),
            cacheCreation: max(cacheCreation, other.cacheCreation)
        )
    }

    /// As the usage of a model, with an estimated cost.
    func usage(of model: String) -> ModelUsage {
        var usage = ModelUsage(
            model: model,
            inputTokens: input,
            outputTokens: output,
            cacheReadTokens: cacheRead,
            cacheCreationTokens: cacheCreation
        )
        usage.costUSD = ModelPrices.estimate(usage)
        return usage
    }
}

extension TokenCounts {
    /// The `usage` object of a message, or nil if there is none.
    init?(_ value: JSONValue?) {
        guard let value, case .object = value else { return nil }
        self.init(
            input: value.count("input_tokens"),
            output: value.count("output_tokens"),
            cacheRead: value.count("cache_read_input_tokens"),
            cacheCreation: value.count("cache_creation_input_tokens")
        )
    }
}
