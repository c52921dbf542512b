import GRPCTransport

/// What a look at the collector found.
package enum CollectorCheck: Sendable, Equatable {
    /// It took an export request.
    case answers
    /// It is there, or something else is, but does not take the request: the status, in words.
    case refuses(String)
    /// Nothing answered in time: the reason.
    case unreachable(String)
    /// Traces are sent to no collector.
    case notUsed
}

extension OTelConfiguration {
    /// Asks the collector of traces whether it is there, by an export request with nothing in it, which every receiver takes.
    ///
    /// It goes the way of all requests: with TLS, headers and compression as they are set.
    package func checkCollector(timeout: Duration) async -> CollectorCheck {
        guard !disabled, traces.exporters.contains(.otlp) else { return .notUsed }
        let endpoint = Endpoint(self, traces)
        guard let client = endpoint.makeClient(self) else {
            return .unreachable(endpoint.problems.joined(separator: "; "))
        }
        let response = await client.unary(path: TelemetrySignal.traces.exportPath, message: [], timeout: timeout)
        await client.close()
        let status = response.status
        switch status.code {
        case .ok: return .answers
        case .unavailable, .deadlineExceeded, .cancelled: return .unreachable(status.message)
        default: return .refuses("\(status.code.name): \(status.message)")
        }
    }
}
