/// The methods by which OTLP is sent over gRPC, by their paths (collector/*/v1/*_service.proto).
package enum ExportMethod: String, Sendable, CaseIterable {
    case traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    case metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
    case logs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"

    /// What a request goes to.
    package var path: String { rawValue }
}
