extension ExportLogsRequest {
    /// One request for each `ResourceLogs` in the bytes, in their order; see ``EnvelopeDecoding``.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportLogsRequest] {
        try EnvelopeDecoding.resources(
            in: bytes,
            request: "ExportLogsServiceRequest",
            resource: "ResourceLogs",
            scope: "ScopeLogs"
        ) { reader throws(OTLPWireError) in
            let (scope, records) = try EnvelopeDecoding.scope(from: reader, item: "LogRecord") {
                reader throws(OTLPWireError) in
                try LogRecord(from: reader)
            }
            return ScopedLogs(scope: scope, records: records)
        }
        .map { ExportLogsRequest(resource: $0.resource, scopes: $0.scopes) }
    }
}
