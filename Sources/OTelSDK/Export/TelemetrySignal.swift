import OTLPWire

/// The kinds of requests; raw values are the spool's.
enum TelemetrySignal: UInt8, Sendable {
    case traces = 1
    case metrics = 2
    case logs = 3

    /// The gRPC method (opentelemetry-proto, collector/*).
    var exportPath: String {
        switch self {
        case .traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
        case .metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
        case .logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
        }
    }

    /// Nil where everything was taken without a word.
    ///
    /// An answer that cannot be read is still an acceptance.
    func partialSuccess(in message: [UInt8]) -> PartialSuccess? { try? ExportResponse.decode(message) }
}
