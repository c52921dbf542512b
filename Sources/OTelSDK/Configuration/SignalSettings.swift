/// Where one signal goes; what is nil is taken from the general settings of ``OTelConfiguration``.
public struct SignalSettings: Sendable, Equatable {
    /// What is done with a signal.
    public enum Exporter: String, Sendable {
        /// It is sent to the endpoint as OTLP over gRPC.
        case otlp
        /// It is not recorded at all.
        case none
    }

    /// Whether the signal is exported (OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER).
    public var exporter = Exporter.otlp

    /// The signal's own endpoint (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and its like).
    public var endpoint: String?

    /// The signal's own headers, in place of the general ones.
    public var headers: [String: String]?

    /// The signal's own budget for one batch, retries included.
    public var exportTimeout: Duration?

    /// Makes settings that take everything from the general ones.
    public init() {}
}
