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
            case (5, .bytes(let range)): exemplars.append(try Exemplar(from: reader.submessage(range, "Exemplar")))
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
            case (8, .bytes(let range)): exemplars.append(try Exemplar(from: reader.submessage(range, "Exemplar")))
            case (9, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (11, .fixed64(let bits)): min = Double(bitPattern: bits)
            case (12, .fixed64(let bits)): max = Double(bitPattern: bits)
            default: break
            }
        }
    }
}

extension ExponentialHistogramPoint {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(startTime: 0, time: 0, count: 0)
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            case (2, .fixed64(let nanoseconds)): startTime = nanoseconds
            case (3, .fixed64(let nanoseconds)): time = nanoseconds
            case (4, .fixed64(let number)): count = number
            case (5, .fixed64(let bits)): sum = Double(bitPattern: bits)
            case (6, .varint(let number)): scale = number.zigZag
            case (7, .fixed64(let number)): zeroCount = number
            case (8, .bytes(let range)): positive = try Buckets(from: reader.submessage(range, "Buckets"))
            case (9, .bytes(let range)): negative = try Buckets(from: reader.submessage(range, "Buckets"))
            case (11, .bytes(let range)): exemplars.append(try Exemplar(from: reader.submessage(range, "Exemplar")))
            case (12, .fixed64(let bits)): min = Double(bitPattern: bits)
            case (13, .fixed64(let bits)): max = Double(bitPattern: bits)
            case (14, .fixed64(let bits)): zeroThreshold = Double(bitPattern: bits)
            default: break
            }
        }
    }
}

extension ExponentialHistogramPoint.Buckets {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init()
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .varint(let number)): offset = number.zigZag
            case (2, .varint(let number)): counts.append(number)
            case (2, .bytes(let range)):
                var inner = try reader.submessage(range, "packed numbers")
                while inner.hasMore { counts.append(try inner.varint()) }
            default: break
            }
        }
    }
}

extension Exemplar {
    init(from reader: ProtobufReader) throws(OTLPWireError) {
        var reader = reader
        self.init(time: 0, value: .int(0))
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (2, .fixed64(let nanoseconds)): time = nanoseconds
            case (3, .fixed64(let bits)): value = .double(Double(bitPattern: bits))
            case (4, .bytes(let range)):
                let id = try reader.spanID(range)
                spanID = id.isValid ? id : nil
            case (5, .bytes(let range)):
                let id = try reader.traceID(range)
                traceID = id.isValid ? id : nil
            case (6, .fixed64(let bits)): value = .int(Int64(bitPattern: bits))
            case (7, .bytes(let range)): attributes.append(try Attribute(from: reader.submessage(range, "KeyValue")))
            default: break
            }
        }
    }
}

extension UInt64 {
    /// A protobuf `sint32`, whose lowest bit is the sign.
    fileprivate var zigZag: Int32 {
        let bits = UInt32(truncatingIfNeeded: self)
        return Int32(bitPattern: bits >> 1) ^ -Int32(bitPattern: bits & 1)
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
