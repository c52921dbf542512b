/// What models cost, for ESTIMATES only: while a response is still running, and where an agent was killed before it told.
///
/// The agent's own count always wins. The numbers are those by which Claude Code 2.1.330 counts, as observed, and age
/// with it; the tiers of haiku by the size of the prompt are left out, and
/// its cache is taken to cost in proportion what that of the others does. An unknown model is priced like opus.
package struct ModelPrices: Sendable, Equatable {
    /// US dollars for a million tokens of input, output, writing to the cache and reading from it.
    package var input: Double
    package var output: Double
    package var cacheCreation: Double
    package var cacheRead: Double

    static let opus = ModelPrices(input: 4, output: 20, cacheCreation: 5, cacheRead: 0.2)
    static let sonnet = ModelPrices(input: 2, output: 10, cacheCreation: 2.5, cacheRead: 0.1)
    static let haiku = ModelPrices(input: 0.1, output: 0.5, cacheCreation: 0.125, cacheRead: 0.005)

    /// The prices of a model by its name, such as `claude-sonnet-5-5`.
    package static func prices(of model: String) -> ModelPrices {
        if model.contains("sonnet") { return sonnet }
        return model.contains("haiku") ? haiku : opus
    }

    /// What the tokens of a count cost, in USD.
    package static func estimate(_ usage: ModelUsage) -> Double {
        let prices = prices(of: usage.model)
        var dollars = Double(usage.inputTokens) * prices.input
        dollars += Double(usage.outputTokens) * prices.output
        dollars += Double(usage.cacheCreationTokens) * prices.cacheCreation
        dollars += Double(usage.cacheReadTokens) * prices.cacheRead
        return dollars / 1_000_000
    }
}
