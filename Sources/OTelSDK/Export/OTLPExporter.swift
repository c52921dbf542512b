import GRPCTransport
import OTLPWire

/// Sends encoded requests of one signal to one destination, with retries until a deadline.
struct OTLPExporter: Sendable {
    /// One unary call; a failure is a status.
    typealias Send = @Sendable (_ path: String, _ message: ArraySlice<UInt8>, _ timeout: Duration) async -> GRPCResponse

    /// What became of a request.
    enum Outcome: Sendable {
        case delivered(PartialSuccess?)
        /// Refused for good: this request is never sent again.
        case refused(GRPCStatus, Refusal)
        /// Not taken in time; another time it may be.
        case undelivered(GRPCStatus)
    }

    let signal: TelemetrySignal
    let send: Send
    let policy: RetryPolicy
    let time: TimeSource
    let random: RandomSource
    let shutdown: ShutdownState

    /// Whether undelivered requests are kept; then one try is enough during shutdown.
    let hasSpool: Bool

    /// Whether the queue fills; with a spool nothing is waited for then.
    var pressure: QueuePressure?

    /// A larger request is not sent (protocol/exporter.md, Max Request Size).
    var maxRequestBytes = Int.max

    /// False for files: what cannot be written now will hardly be in a second.
    var retries = true

    private let throttle = Throttle()

    /// Sends one request until it is taken, refused or out of time.
    ///
    /// `deadline`, in terms of `time.now()`, covers everything, waits included, and shutdown may cut it short. Without
    /// `retries` there is one try.
    func export(_ message: ArraySlice<UInt8>, until deadline: Duration, retries: Bool = true) async -> Outcome {
        guard message.count <= maxRequestBytes else { return .refused(overLimit(message.count), .overLimit) }
        let retries = retries && self.retries
        var last = GRPCStatus(.deadlineExceeded, "no time was left for a try")
        var attempt = 0
        while true {
            if let failure = throttle.failure { return .undelivered(failure) }
            if let hold = throttle.hold(at: time.now()) {
                last = hold.status
                guard retries, mayTryAgain(after: last), await pause(hold.time, until: deadline) else {
                    return .undelivered(last)
                }
                continue
            }
            let left = shutdown.remaining(atMost: deadline - time.now())
            guard left > .zero else { return .undelivered(last) }
            attempt += 1
            let response = await send(signal.exportPath, message, left)
            let wait: Duration
            switch policy.verdict(response) {
            case .accepted: return .delivered(signal.partialSuccess(in: response.message ?? []))
            case .refuse(let refusal): return .refused(response.status, refusal)
            case .giveUp: return .undelivered(response.status)
            case .retryExactly(let delay):
                throttle.hold(until: time.now() + delay, response.status)
                (wait, attempt) = (delay, 0)
            case .retry(let serverDelay):
                // All requests to this destination wait, also those that others have under way.
                if let serverDelay { throttle.hold(until: time.now() + serverDelay, response.status) }
                let fraction = random.nextFraction()
                wait = policy.backoff(afterAttempt: attempt, fraction: fraction, serverDelay: serverDelay)
            }
            last = explained(response.status)
            guard retries, mayTryAgain(after: last), await pause(wait, until: deadline) else {
                return .undelivered(last)
            }
        }
    }

    private func overLimit(_ count: Int) -> GRPCStatus {
        GRPCStatus(.resourceExhausted, "a request of \(count) bytes is over the limit of \(maxRequestBytes); not sent")
    }

    /// At its end shutdown closes the connection under a call; the caller should read why.
    private func explained(_ status: GRPCStatus) -> GRPCStatus {
        guard status.code == .cancelled, shutdown.hasBegun, shutdown.remaining(atMost: .seconds(1)) == .zero else {
            return status
        }
        return GRPCStatus(.deadlineExceeded, "the collector did not answer before shutdown had to end")
    }

    /// During shutdown, and while the queue fills, the spool is the retry; without one the rest of the bound is used.
    private func mayTryAgain(after failure: GRPCStatus) -> Bool {
        guard hasSpool else { return true }
        guard shutdown.hasBegun else { return pressure?.isHigh != true }
        throttle.giveUp(failure)
        return false
    }

    /// - Returns: false, at once, if the deadline would come first, or as soon as nothing is to be waited for any more.
    private func pause(_ duration: Duration, until deadline: Duration) async -> Bool {
        guard duration < shutdown.remaining(atMost: deadline - time.now()) else { return false }
        if shutdown.hasBegun {
            // Cut short by the same bound, so nobody needs to wake it.
            try? await time.sleep(duration)
        } else if let pressure, hasSpool {
            // Shutdown raises this too.
            let end = time.now() + duration
            while !shutdown.hasBegun, time.now() < end {
                await pressure.change.wait(atMost: end - time.now(), time)
                if pressure.isHigh { return false }
            }
        } else {
            await shutdown.begun.wait(atMost: duration, time)
        }
        return true
    }
}
