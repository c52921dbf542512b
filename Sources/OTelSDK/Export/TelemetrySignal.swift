import OTLPWire

/// The kinds of requests; raw values are the spool's.
enum TelemetrySignal: UInt8, Sendable {
    case traces = 1
    case metrics = 2
    case logs = 3

    /// The gRPC method (opentelemetry-proto, collector/*).
    var exportPath: String {
        switch self {
        case .traces: ExportMethod.traces.path
        case .metrics: ExportMethod.metrics.path
        case .logs: ExportMethod.logs.path
        }
    }

    /// What its items are called, in messages.
    var noun: String {
        switch self {
        case .traces: "spans"
        case .metrics: "metric points"
        case .logs: "log records"
        }
    }

    /// In the names of components (semantic conventions, `otel.component.type`).
    var componentNoun: String {
        switch self {
        case .traces: "span"
        case .metrics: "metric"
        case .logs: "log"
        }
    }

    /// In the names of files.
    var fileNoun: String {
        switch self {
        case .traces: "traces"
        case .metrics: "metrics"
        case .logs: "logs"
        }
    }

    /// Nil where everything was taken without a word.
    ///
    /// An answer that cannot be read is still an acceptance.
    func partialSuccess(in message: [UInt8]) -> PartialSuccess? { try? ExportResponse.decode(message) }
}
