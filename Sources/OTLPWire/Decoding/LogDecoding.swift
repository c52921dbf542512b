extension LogRecord {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(time: 0, observedTime: 0)
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .fixed64(let nanoseconds)): time = nanoseconds
            case (2, .varint(let number)): severityNumber = Int32(truncatingIfNeeded: number)
            case (3, .bytes(let range)): severityText = try reader.string(range)
            case (5, .bytes(let range)): body = try AttributeValue(from: reader.submessage(range, "AnyValue"))
            case (6, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (7, .varint(let count)): droppedAttributes = UInt32(truncatingIfNeeded: count)
            case (8, .fixed32(let bits)): flags = bits
            case (9, .bytes(let range)):
                let id = try reader.traceID(range)
                traceID = id.isValid ? id : nil
            case (10, .bytes(let range)):
                let id = try reader.spanID(range)
                spanID = id.isValid ? id : nil
            case (11, .fixed64(let nanoseconds)): observedTime = nanoseconds
            case (12, .bytes(let range)): eventName = try reader.string(range)
            default: break
            }
        }
    }
}
