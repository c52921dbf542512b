import GRPCTransport

/// Which answers are worth another try, and when (opentelemetry-proto, docs/specification.md, OTLP/gRPC Response).
struct RetryPolicy: Sendable {
    /// The upper end of the first wait; each further one is `multiplier` times as long.
    var initialBackoff = Duration.seconds(1)
    var multiplier = 1.6
    var maximumBackoff = Duration.seconds(5)

    /// What an answer means for the request.
    enum Verdict: Equatable {
        case accepted
        /// After a wait of our own, on top of what the server said to wait at least.
        case retry(atLeast: Duration?)
        /// After exactly this time, which the server named.
        case retryExactly(after: Duration)
        /// It could be taken another time, but the server does not want another try now.
        case giveUp
        /// Never; see ``Refusal`` for what that means for its parts.
        case refuse(Refusal)
    }

    func verdict(_ response: GRPCResponse) -> Verdict {
        let status = response.status
        switch status.code {
        case .ok: return .accepted
        case .outOfRange where Refusal.isAboutSize(status): return .refuse(.tooLarge)
        case .cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss:
            return retry(response, RetryInfo.delay(inStatusDetails: status.details))
        case .resourceExhausted:
            guard let delay = RetryInfo.delay(inStatusDetails: status.details) else { return .refuse(Refusal(status)) }
            return retry(response, delay)
        case .unknown, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
            .unimplemented, .internal, .unauthenticated:
            return .refuse(Refusal(status))
        }
    }

    /// A pushback is what the server wants in place of our own backoff; what is no number from zero is a no (gRPC A6).
    private func retry(_ response: GRPCResponse, _ delay: Duration?) -> Verdict {
        guard let text = response.trailers.last(where: { $0.name == "grpc-retry-pushback-ms" })?.value else {
            return .retry(atLeast: delay)
        }
        guard let milliseconds = Int32(text), milliseconds >= 0 else { return .giveUp }
        return .retryExactly(after: max(.milliseconds(milliseconds), delay ?? .zero))
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
