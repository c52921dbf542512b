import ArgumentParser

/// A limit as people write it: a value, or `none`.
///
/// The word is needed where a flag lifts a limit that the environment or the file sets.
struct Limit<Value: LimitValue>: Sendable, Equatable {
    /// The limit; nil for none.
    var value: Value?

    init?(_ text: String) {
        if Value.wordsForNone.contains(text) { return }
        guard let value = Value(argument: text) else { return nil }
        self.value = value
    }
}

extension Limit: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

/// What a limit can be a limit of.
protocol LimitValue: ExpressibleByArgument, Sendable, Equatable {
    /// What stands for no limit.
    static var wordsForNone: Set<String> { get }
}

extension LimitValue {
    static var wordsForNone: Set<String> { ["none"] }
}

extension TimeSpan: LimitValue {
    static var wordsForNone: Set<String> { ["none", "0", "0s"] }
}

/// A number of tokens as people write it: `200000`, `200k`, `1.5M`.
struct TokenCount: Sendable, Equatable {
    /// The number; at least 1.
    var tokens: Int

    /// Reads a whole number, or a decimal one with `k` or `M` after it; nil if it is none of that, or zero.
    init?(_ text: String) {
        let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6]
        let factor = text.last.flatMap { factors[$0] }
        guard let number = DecimalText.parse(factor == nil ? text[...] : text.dropLast()) else { return nil }
        let tokens = number * (factor ?? 1)
        guard tokens >= 1, tokens < 1e15, factor != nil || tokens == tokens.rounded() else { return nil }
        self.tokens = Int(tokens.rounded())
    }
}

extension TokenCount: LimitValue {
    init?(argument: String) { self.init(argument) }
}

/// An amount of money as people write it: `0.5`, `2`, `$2.50`.
struct Money: Sendable, Equatable {
    /// The amount in USD; more than zero.
    var usd: Double

    /// Reads digits with at most one point, after a dollar sign or none; nil if it is anything else, or zero.
    init?(_ text: String) {
        let number = DecimalText.parse(text.hasPrefix("$") ? text.dropFirst() : text[...])
        guard let number, number > 0, number < 1e9 else { return nil }
        usd = number
    }
}

extension Money: LimitValue {
    init?(argument: String) { self.init(argument) }
}

/// Decimal numbers in their plain form: digits with at most one point between or before them.
///
/// `Double` itself reads `nan`, `inf`, `0x1p3` and `-0` too, which nobody means as a limit.
private enum DecimalText {
    static func parse(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, !last.isEmpty else { return nil }
        guard parts.joined().allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Double(text.hasPrefix(".") ? "0" + text : String(text))
    }
}
