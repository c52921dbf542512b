/// How soon after a failure a connection may be tried again.
///
/// Knows no clock. gRPC lets calls wait meanwhile; here they fail at once with the reason of the last failure, because
/// the exporter above has a budget and a backoff of its own, and can spool.
/// Specification: grpc `doc/connection-backoff.md`: waits are counted from the beginning of the attempt.
struct ConnectBackoff {
    private static let initial = Duration.seconds(1)
    private static let multiplier = 1.6
    private static let longest = Duration.seconds(120)
    private static let jitter = 0.2

    private var current: Duration?
    private var earliest: ContinuousClock.Instant?
    private var reason: String?

    /// Why no connection may be tried now, in the words of the last failure; `nil` if one may be.
    func refusal(now: ContinuousClock.Instant) -> String? {
        guard let reason, let earliest, now < earliest else { return nil }
        return reason
    }

    /// `fraction`, between 0 and 1, chooses the place within the jitter.
    mutating func attemptBegins(now: ContinuousClock.Instant, fraction: Double) {
        guard let before = current else {
            current = Self.initial
            earliest = now + Self.initial
            return
        }
        let next = min(before * Self.multiplier, Self.longest)
        current = next
        earliest = now + next * (1 + Self.jitter * (2 * fraction - 1))
    }

    mutating func attemptFailed(_ reason: String) { self.reason = reason }

    /// The next attempt may begin at once: the last one succeeded, or there is news that the server is back.
    mutating func reset() { self = ConnectBackoff() }
}
