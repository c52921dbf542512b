import GRPCTransport

/// Which answers are worth another try, and when (opentelemetry-proto, docs/specification.md, OTLP/gRPC Response).
struct RetryPolicy: Sendable {
    /// The upper end of the first wait; each further one is `multiplier` times as long.
    var initialBackoff = Duration.seconds(1)
    var multiplier = 1.6
    var maximumBackoff = Duration.seconds(5)

    /// What an answer means for the data.
    enum Verdict: Equatable {
        case accepted
        /// Later, perhaps; the server may have said how long to wait at least.
        case retry(after: Duration?)
        /// Never; the data is dropped and counted.
        case reject
    }

    func verdict(_ status: GRPCStatus) -> Verdict {
        switch status.code {
        case .ok: .accepted
        case .cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss:
            .retry(after: RetryInfo.delay(inStatusDetails: status.details))
        case .resourceExhausted:
            RetryInfo.delay(inStatusDetails: status.details).map { .retry(after: $0) } ?? .reject
        case .unknown, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
            .unimplemented, .internal, .unauthenticated:
            .reject
        }
    }

    /// The wait after so many tries: full jitter over a growing range, on top of what the server asked for.
    ///
    /// `attempt` counts from 1, `fraction` is uniform in 0 ..< 1.
    func backoff(afterAttempt attempt: Int, fraction: Double, serverDelay: Duration?) -> Duration {
        var range = initialBackoff
        var growths = 1
        while growths < attempt, range < maximumBackoff {
            range = range * multiplier
            growths += 1
        }
        return (serverDelay ?? .zero) + min(range, maximumBackoff) * fraction
    }
}
