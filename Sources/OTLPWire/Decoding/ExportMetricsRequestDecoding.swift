extension ExportMetricsRequest {
    /// One request for each `ResourceMetrics` in the bytes, in their order; see ``EnvelopeDecoding``.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportMetricsRequest] {
        try EnvelopeDecoding.resources(
            in: bytes,
            request: "ExportMetricsServiceRequest",
            resource: "ResourceMetrics",
            scope: "ScopeMetrics"
        ) { reader throws(OTLPWireError) in
            let (scope, metrics) = try EnvelopeDecoding.scope(from: reader, item: "Metric") {
                reader throws(OTLPWireError) in
                try MetricRecord.decode(reader)
            }
            return ScopedMetrics(scope: scope, metrics: metrics)
        }
        .map { ExportMetricsRequest(resource: $0.resource, scopes: $0.scopes) }
    }
}
