import FoundationEssentials

/// How often, and after which pause, an attempt goes on by itself after a failure that passes.
package struct RetryPolicy: Sendable, Equatable {
    /// How many times at most.
    package var retries: Int
    /// The pause before the first one; it doubles with each, up to ``longestPause``.
    package var firstPause: Duration
    /// The longest pause.
    package var longestPause: Duration

    package init(retries: Int = 2, firstPause: Duration = .seconds(2), longestPause: Duration = .seconds(60)) {
        self.retries = retries
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// The pause before retry `number`, from 1: between half of it and all of it, so that many runners do not come back
    /// at the same moment.
    func pause(before number: Int, random: inout some RandomNumberGenerator) -> Duration {
        let doubled = firstPause * (1 << min(max(number - 1, 0), 20))
        return min(doubled, longestPause) * Double.random(in: 0.5...1, using: &random)
    }
}

extension Duration {
    /// The moment that lies so far ahead.
    var fromNow: Date { Date(timeIntervalSinceNow: inSeconds) }
}

extension Date {
    /// How long it is until this moment; zero when it has passed.
    var fromNow: Duration { .seconds(max(0, timeIntervalSinceNow)) }
}
