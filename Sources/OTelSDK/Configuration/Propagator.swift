/// A format in which context crosses process borders (OTEL_PROPAGATORS).
public enum Propagator: String, Sendable, CaseIterable {
    /// W3C Trace Context: `traceparent` and `tracestate`.
    case tracecontext
    /// W3C Baggage: `baggage`.
    case baggage
}
