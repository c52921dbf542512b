extension ExportLogsRequest {
    /// One request for each `ResourceLogs` in the bytes, in their order.
    ///
    /// Fields that have no place here are ignored, and of an embedded message that is there twice the last one counts.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> [ExportLogsRequest] {
        var reader = ProtobufReader(bytes, message: "ExportLogsServiceRequest")
        var requests: [ExportLogsRequest] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            requests.append(try ExportLogsRequest(from: reader.submessage(range, "ResourceLogs")))
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
            case (2, .bytes(let range)): scopes.append(try ScopedLogs(from: reader.submessage(range, "ScopeLogs")))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        resource.schemaURL = schemaURL
    }
}

extension ScopedLogs {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        var schemaURL = ""
        self.init(scope: InstrumentationScope(name: ""), records: [])
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                scope = try InstrumentationScope(from: reader.submessage(range, "InstrumentationScope"))
            case (2, .bytes(let range)):
                records.append(try LogRecord(from: reader.submessage(range, "LogRecord")))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        scope.schemaURL = schemaURL
    }
}
