extension Resource {
    /// The schema URL stands beside the resource on the wire; the caller fills it in.
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init()
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
        }
    }
}

extension InstrumentationScope {
    /// The schema URL stands beside the scope on the wire; the caller fills it in.
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(name: "")
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): name = try reader.string(range)
            case (2, .bytes(let range)): version = try reader.string(range)
            case (3, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            default: break
            }
        }
    }
}
