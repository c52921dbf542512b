/// When to ask a silent peer for a sign of life, and when to give it up.
///
/// Knows no clock and no connection. Specification: grpc proposal A8.
struct Keepalive {
    enum Step: Hashable {
        /// Nothing is to be done before this instant; `nil`: before something else happens.
        case wait(until: ContinuousClock.Instant?)
        case ping
        case giveUp
    }

    private let time: Duration?
    private let timeout: Duration
    private var pingedAt: ContinuousClock.Instant?

    /// Without a `time` there are no pings.
    init(time: Duration?, timeout: Duration) {
        self.time = time
        self.timeout = timeout
    }

    /// What to do now.
    ///
    /// Any byte is a sign of life, not only the PING's echo. Silence counts from the last byte, or from `activeSince` if
    /// that came later; `activeSince` is when the connection got its first call, `nil` if it has none.
    mutating func step(
        now: ContinuousClock.Instant,
        lastReceived: ContinuousClock.Instant?,
        activeSince: ContinuousClock.Instant?
    ) -> Step {
        guard let time, let activeSince else {
            pingedAt = nil
            return .wait(until: nil)
        }
        let lastSign = max(lastReceived ?? activeSince, activeSince)
        if let pinged = pingedAt, lastSign <= pinged {
            return now >= pinged + timeout ? .giveUp : .wait(until: pinged + timeout)
        }
        pingedAt = nil
        guard now >= lastSign + time else { return .wait(until: lastSign + time) }
        pingedAt = now
        return .ping
    }
}
