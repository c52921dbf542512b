extension SpanRecord {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(
            traceID: TraceID(high: 0, low: 0),
            spanID: SpanID(value: 0),
            name: "",
            kind: .unspecified,
            startTime: 0,
            endTime: 0
        )
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): traceID = try reader.traceID(range)
            case (2, .bytes(let range)): spanID = try reader.spanID(range)
            case (3, .bytes(let range)): traceState = try reader.string(range)
            case (4, .bytes(let range)):
                let parent = try reader.spanID(range)
                parentSpanID = parent.isValid ? parent : nil
            case (5, .bytes(let range)): name = try reader.string(range)
            case (6, .varint(let number)): kind = UInt32(exactly: number).flatMap(Kind.init) ?? .unspecified
            case (7, .fixed64(let time)): startTime = time
            case (8, .fixed64(let time)): endTime = time
            case (9, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (10, .varint(let count)): droppedAttributes = UInt32(truncatingIfNeeded: count)
            case (11, .bytes(let range)): events.append(try Event(from: reader.submessage(range, "Event")))
            case (12, .varint(let count)): droppedEvents = UInt32(truncatingIfNeeded: count)
            case (13, .bytes(let range)): links.append(try Link(from: reader.submessage(range, "Link")))
            case (14, .varint(let count)): droppedLinks = UInt32(truncatingIfNeeded: count)
            case (15, .bytes(let range)): status = try Status(from: reader.submessage(range, "Status"))
            case (16, .fixed32(let bits)): flags = bits
            default: break
            }
        }
    }
}

extension SpanRecord.Status {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init()
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (2, .bytes(let range)): message = try reader.string(range)
            case (3, .varint(let number)): code = UInt32(exactly: number).flatMap(Code.init) ?? .unset
            default: break
            }
        }
    }
}

extension SpanRecord.Event {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(time: 0, name: "")
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .fixed64(let nanoseconds)): time = nanoseconds
            case (2, .bytes(let range)): name = try reader.string(range)
            case (3, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (4, .varint(let count)): droppedAttributes = UInt32(truncatingIfNeeded: count)
            default: break
            }
        }
    }
}

extension SpanRecord.Link {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(traceID: TraceID(high: 0, low: 0), spanID: SpanID(value: 0))
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): traceID = try reader.traceID(range)
            case (2, .bytes(let range)): spanID = try reader.spanID(range)
            case (3, .bytes(let range)): traceState = try reader.string(range)
            case (4, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (5, .varint(let count)): droppedAttributes = UInt32(truncatingIfNeeded: count)
            case (6, .fixed32(let bits)): flags = bits
            default: break
            }
        }
    }
}
