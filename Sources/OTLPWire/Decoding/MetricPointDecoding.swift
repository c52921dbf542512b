extension NumberPoint {
    /// A point with no value reads as the integer 0.
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(startTime: 0, time: 0, value: .int(0))
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (2, .fixed64(let nanoseconds)): startTime = nanoseconds
            case (3, .fixed64(let nanoseconds)): time = nanoseconds
            case (4, .fixed64(let bits)): value = .double(Double(bitPattern: bits))
            case (6, .fixed64(let bits)): value = .int(Int64(bitPattern: bits))
            case (7, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            default: break
            }
        }
    }
}

extension HistogramPoint {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(startTime: 0, time: 0, count: 0)
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (2, .fixed64(let nanoseconds)): startTime = nanoseconds
            case (3, .fixed64(let nanoseconds)): time = nanoseconds
            case (4, .fixed64(let number)): count = number
            case (5, .fixed64(let bits)): sum = Double(bitPattern: bits)
            case (6, let content): bucketCounts += try reader.packed(content)
            case (7, let content): explicitBounds += try reader.packed(content).map(Double.init(bitPattern:))
            case (9, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (11, .fixed64(let bits)): min = Double(bitPattern: bits)
            case (12, .fixed64(let bits)): max = Double(bitPattern: bits)
            default: break
            }
        }
    }
}

extension ProtobufReader {
    /// 64-bit numbers of a repeated field, which may come packed or one by one.
    fileprivate func packed(_ content: Field.Content) throws(OTLPWireError) -> [UInt64] {
        switch content {
        case .fixed64(let bits): return [bits]
        case .bytes(let range):
            var numbers: [UInt64] = []
            var inner = try submessage(range, "packed numbers")
            while inner.hasMore { numbers.append(try inner.fixed64()) }
            return numbers
        case .varint, .fixed32: return []
        }
    }
}
