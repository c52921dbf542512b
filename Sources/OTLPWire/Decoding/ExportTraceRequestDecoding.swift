extension ExportTraceRequest {
    /// One request for each `ResourceSpans` in the bytes, in their order; see ``EnvelopeDecoding``.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportTraceRequest] {
        try EnvelopeDecoding.resources(
            in: bytes,
            request: "ExportTraceServiceRequest",
            resource: "ResourceSpans",
            scope: "ScopeSpans"
        ) { reader throws(OTLPWireError) in
            let (scope, spans) = try EnvelopeDecoding.scope(from: reader, item: "Span") {
                reader throws(OTLPWireError) in
                try SpanRecord(from: reader)
            }
            return ScopedSpans(scope: scope, spans: spans)
        }
        .map { ExportTraceRequest(resource: $0.resource, scopes: $0.scopes) }
    }
}
