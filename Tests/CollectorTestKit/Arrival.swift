internal import GRPCTransport
package import OTLPWire

/// One request that a `Collector` got.
package struct Arrival: Sendable {
    /// Counts from 1, over all connections.
    package let number: Int
    package let path: String
    /// Header fields that are not pseudo-fields, in their order.
    package let metadata: [(name: String, value: String)]
    package let message: [UInt8]
    /// What is left of the call's time as its sender says.
    package let timeout: Duration?

    /// Whether the plan answered OK.
    package internal(set) var isTaken = false

    init(number: Int, _ request: GRPCServerRequest) {
        self.number = number
        path = request.path
        metadata = request.metadata
        message = request.message
        timeout = request.timeout
    }

    /// The value of the first field with this name, which is given in lower case.
    package subscript(name: String) -> String? { metadata.first { $0.name == name }?.value }

    package var isTraces: Bool { path == ExportMethod.traces.path }
    package var isMetrics: Bool { path == ExportMethod.metrics.path }
    package var isLogs: Bool { path == ExportMethod.logs.path }

    /// The spans in it; none if it is of another signal.
    ///
    /// - Throws: `OTLPWireError` if the message is not OTLP.
    package var spans: [SpanRecord] {
        get throws {
            guard isTraces else { return [] }
            return try ExportTraceRequest.decode(message).flatMap(\.scopes).flatMap(\.spans)
        }
    }

    package var metrics: [MetricRecord] {
        get throws {
            guard isMetrics else { return [] }
            return try ExportMetricsRequest.decode(message).flatMap(\.scopes).flatMap(\.metrics)
        }
    }

    package var logs: [LogRecord] {
        get throws {
            guard isLogs else { return [] }
            return try ExportLogsRequest.decode(message).flatMap(\.scopes).flatMap(\.records)
        }
    }
}
