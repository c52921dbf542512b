import GRPCTransport
import OTLPWire

/// Sends encoded requests of one signal, with retries within a budget; one call at a time is its caller's business.
struct OTLPExporter: Sendable {
    /// One unary call; a failure is a status.
    typealias Send = @Sendable (_ path: String, _ message: ArraySlice<UInt8>, _ timeout: Duration) async -> GRPCResponse

    /// What became of a request.
    enum Outcome: Sendable {
        case delivered(PartialSuccess?)
        /// Refused for good: dropped, never sent again.
        case rejected(GRPCStatus)
        /// Not taken within the budget; another time it may be.
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

    /// Sends one request until it is taken, refused or out of time.
    ///
    /// The budget covers everything, waits included, and shutdown may cut it short. Without `retries` there is one try.
    func export(_ message: ArraySlice<UInt8>, budget: Duration, retries: Bool = true) async -> Outcome {
        let end = time.now() + budget
        var last = GRPCStatus(.deadlineExceeded, "no time was left for a try")
        var attempt = 0
        while true {
            let left = shutdown.remaining(atMost: end - time.now())
            if let failure = shutdown.failure { return .undelivered(failure) }
            guard left > .zero else { return .undelivered(last) }
            attempt += 1
            let response = await send(signal.exportPath, message, left)
            switch policy.verdict(response.status) {
            case .accepted: return .delivered(signal.partialSuccess(in: response.message ?? []))
            case .reject: return .rejected(response.status)
            case .retry(let serverDelay):
                last = explained(response.status)
                guard retries, mayTryAgain(after: last) else { return .undelivered(last) }
                let fraction = random.nextFraction()
                let wait = policy.backoff(afterAttempt: attempt, fraction: fraction, serverDelay: serverDelay)
                guard wait < shutdown.remaining(atMost: end - time.now()) else { return .undelivered(last) }
                await pause(wait)
            }
        }
    }

    /// At its end shutdown closes the connection under a call; the caller should read why.
    private func explained(_ status: GRPCStatus) -> GRPCStatus {
        guard status.code == .cancelled, shutdown.hasBegun, shutdown.remaining(atMost: .seconds(1)) == .zero else {
            return status
        }
        return GRPCStatus(.deadlineExceeded, "the collector did not answer before shutdown had to end")
    }

    /// During shutdown the spool is the retry; without one the rest of the bound is used.
    private func mayTryAgain(after failure: GRPCStatus) -> Bool {
        guard shutdown.hasBegun, hasSpool else { return true }
        shutdown.giveUp(failure)
        return false
    }

    private func pause(_ duration: Duration) async {
        if shutdown.hasBegun {
            // Cut short by the same bound, so nobody needs to wake it.
            try? await time.sleep(duration)
        } else {
            await shutdown.begun.wait(atMost: duration, time)
        }
    }
}
