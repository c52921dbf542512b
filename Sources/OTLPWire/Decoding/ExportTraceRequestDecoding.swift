extension ExportTraceRequest {
    /// One request for each `ResourceSpans` in the bytes, in their order.
    ///
    /// Fields that have no place here are ignored, and of an embedded message that is there twice the last one counts.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportTraceRequest] {
        var reader = ProtobufReader(bytes, message: "ExportTraceServiceRequest")
        var requests: [ExportTraceRequest] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            requests.append(try ExportTraceRequest(from: reader.submessage(range, "ResourceSpans")))
        }
        return requests
    }

    private init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        var schemaURL = ""
        self.init(resource: Resource(), scopes: [])
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): resource = try Resource(from: reader.submessage(range, "Resource"))
            case (2, .bytes(let range)): scopes.append(try ScopedSpans(from: reader.submessage(range, "ScopeSpans")))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        resource.schemaURL = schemaURL
    }
}

extension ScopedSpans {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        var schemaURL = ""
        self.init(scope: InstrumentationScope(name: ""), spans: [])
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                scope = try InstrumentationScope(from: reader.submessage(range, "InstrumentationScope"))
            case (2, .bytes(let range)):
                spans.append(try SpanRecord(from: reader.submessage(range, "Span")))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        scope.schemaURL = schemaURL
    }
}
