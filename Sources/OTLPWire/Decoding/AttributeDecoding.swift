extension Attribute {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(key: "", value: .empty)
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): key = try reader.string(range)
            case (2, .bytes(let range)): value = try AttributeValue(from: reader.submessage(range, "AnyValue"))
            default: break
            }
        }
    }
}

extension AttributeValue {
    /// The last member that is set counts, as for any oneof.
    ///
    /// Strings given by dictionary index are for profiles.
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self = .empty
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): self = .string(try reader.string(range))
            case (2, .varint(let number)): self = .bool(number != 0)
            case (3, .varint(let number)): self = .int(Int64(bitPattern: number))
            case (4, .fixed64(let bits)): self = .double(Double(bitPattern: bits))
            case (5, .bytes(let range)): self = .array(try Self.elements(reader.submessage(range, "ArrayValue")))
            case (6, .bytes(let range)): self = .map(try Self.entries(reader.submessage(range, "KeyValueList")))
            case (7, .bytes(let range)): self = .bytes(reader.array(range))
            default: break
            }
        }
    }

    private static func elements(_ reader: ProtobufReader) throws(OTLPWireError) -> [AttributeValue] {
        var reader = reader
        var elements: [AttributeValue] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            elements.append(try AttributeValue(from: reader.submessage(range, "AnyValue")))
        }
        return elements
    }

    private static func entries(_ reader: ProtobufReader) throws(OTLPWireError) -> [Attribute] {
        var reader = reader
        var entries: [Attribute] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            entries.append(try Attribute(from: reader.submessage(range, "KeyValue")))
        }
        return entries
    }
}
