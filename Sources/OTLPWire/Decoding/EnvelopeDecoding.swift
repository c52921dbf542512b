/// The two outer levels that the export requests of all signals share: a resource with its scopes, a scope with its items.
///
/// Fields that have no place here are ignored, and of an embedded message that is there twice the last one counts.
enum EnvelopeDecoding {
    /// Reads a request, such as `ExportTraceServiceRequest`, of resources, such as `ResourceSpans`.
    ///
    /// - Returns: One pair for each resource, in their order; the resource has the schema URL of its envelope.
    static func resources<Scoped>(
        in bytes: [UInt8],
        request: StaticString,
        resource: StaticString,
        scope: StaticString,
        read: (ProtobufReader) throws(OTLPWireError) -> Scoped
    ) throws(OTLPWireError) -> [(resource: Resource, scopes: [Scoped])] {
        var reader = ProtobufReader(bytes, message: request)
        var found: [(resource: Resource, scopes: [Scoped])] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            var inner = try reader.submessage(range, resource)
            found.append(try Self.resource(&inner, scope: scope, read: read))
        }
        return found
    }

    private static func resource<Scoped>(
        _ reader: inout ProtobufReader,
        scope: StaticString,
        read: (ProtobufReader) throws(OTLPWireError) -> Scoped
    ) throws(OTLPWireError) -> (resource: Resource, scopes: [Scoped]) {
        var resource = Resource()
        var schemaURL = ""
        var scopes: [Scoped] = []
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): resource = try Resource(from: reader.submessage(range, "Resource"))
            case (2, .bytes(let range)): scopes.append(try read(reader.submessage(range, scope)))
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        resource.schemaURL = schemaURL
        return (resource, scopes)
    }

    /// Reads a scope's message, such as `ScopeSpans`; an item that `read` gives as nil is left out.
    static func scope<Item>(
        from reader: ProtobufReader,
        item: StaticString,
        read: (ProtobufReader) throws(OTLPWireError) -> Item?
    ) throws(OTLPWireError) -> (scope: InstrumentationScope, items: [Item]) {
        var reader = reader
        var scope = InstrumentationScope(name: "")
        var schemaURL = ""
        var items: [Item] = []
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                scope = try InstrumentationScope(from: reader.submessage(range, "InstrumentationScope"))
            case (2, .bytes(let range)):
                if let item = try read(reader.submessage(range, item)) { items.append(item) }
            case (3, .bytes(let range)): schemaURL = try reader.string(range)
            default: break
            }
        }
        scope.schemaURL = schemaURL
        return (scope, items)
    }
}
