/// Lets writing take a tenth of the time in the long run, and lets the writes of a short while follow at once.
struct WritingAllowance {
    /// How much of the time is for writing: one part in so many.
    private static let parts = 10
    /// How much time for writing is saved up at most.
    private static let most = Duration.milliseconds(500)
    /// How long a pause is at most.
    private static let longestPause = Duration.milliseconds(250)

    private var left = most
    private var asOf: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) { asOf = now }

    /// How long to wait after a write.
    mutating func pause(afterWriteFrom start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Duration {
        left = min(left + asOf.duration(to: end) / Self.parts, Self.most) - start.duration(to: end)
        asOf = end
        guard left < .zero else { return .zero }
        let pause = min((.zero - left) * Self.parts, Self.longestPause)
        // What a slow disk has overdrawn beyond the longest pause is not carried over.
        left = .zero - pause / Self.parts
        return pause
    }
}
