extension ExportMetricsRequest {
    /// One request for each `ResourceMetrics` in the bytes, in their order.
    ///
    /// Fields that have no place here are ignored, and of an embedded message that is there twice the last one counts.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportMetricsRequest] {
        var reader = ProtobufReader(bytes, message: "ExportMetricsServiceRequest")
        var requests: [ExportMetricsRequest] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            requests.append(try ExportMetricsRequest(from: reader.submessage(range, "ResourceMetrics")))
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
            case (2, .bytes(let range)):
                scopes.append(try ScopedMetrics(from: reader.submessage(range, "ScopeMetrics")))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        resource.schemaURL = schemaURL
    }
}

extension ScopedMetrics {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        var schemaURL = ""
        self.init(scope: InstrumentationScope(name: ""), metrics: [])
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                scope = try InstrumentationScope(from: reader.submessage(range, "InstrumentationScope"))
            case (2, .bytes(let range)):
                if let metric = try MetricRecord.decode(reader.submessage(range, "Metric")) { metrics.append(metric) }
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        scope.schemaURL = schemaURL
    }
}
