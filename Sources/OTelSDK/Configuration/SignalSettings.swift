/// Where one signal goes; what is nil is taken from the general settings of ``OTelConfiguration``.
public struct SignalSettings: Sendable, Equatable {
    /// Where a signal is sent to.
    public enum Exporter: Sendable, Hashable {
        /// To the endpoint, as OTLP over gRPC.
        case otlp
        /// To the standard output, as OTLP JSON lines (specification/protocol/file-exporter.md).
        case console
        /// Appended to the file at this path, as OTLP JSON lines.
        case file(String)
    }

    /// Where the signal is sent to (OTEL_TRACES_EXPORTER and its like); empty records nothing.
    public var exporters: [Exporter] = [.otlp]

    /// The signal's own endpoint (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and its like).
    public var endpoint: String?

    /// The signal's own word on TLS for an endpoint without a scheme.
    public var insecure: Bool?

    /// The signal's own headers, in place of the general ones.
    public var headers: [String: String]?

    /// The signal's own compression.
    public var compression: Compression?

    /// The signal's own budget for one batch, retries included.
    public var exportTimeout: Duration?

    /// The signal's own trusted certificates, key and certificate.
    public var tls: TLSFiles?

    /// Makes settings that take everything from the general ones.
    public init() {}
}

/// How requests are compressed (OTEL_EXPORTER_OTLP_COMPRESSION).
public enum Compression: String, Sendable, CaseIterable {
    /// As they are.
    case none
    /// With gzip, where that makes them smaller.
    case gzip
}

/// PEM files for TLS; checking the collector's certificate cannot be switched off.
public struct TLSFiles: Sendable, Equatable {
    /// The authorities that are trusted in place of the system's (OTEL_EXPORTER_OTLP_CERTIFICATE).
    public var certificate: String?

    /// The client's private key for mutual TLS (OTEL_EXPORTER_OTLP_CLIENT_KEY).
    public var clientKey: String?

    /// The client's certificate and its chain (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE).
    public var clientCertificate: String?

    /// Makes settings that trust the system's authorities and show no client certificate.
    public init() {}
}
