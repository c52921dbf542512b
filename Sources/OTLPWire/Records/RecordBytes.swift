/// A record's bytes do not make sense at some place.
struct RecordDamage: Error {}

/// Reads what ``ValueWriter`` wrote, and checks everything.
struct RecordBytes {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func take<Number: BitwiseCopyable>(_ type: Number.Type) throws(RecordDamage) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - offset >= size else { throw RecordDamage() }
        defer { offset += size }
        return bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }

    mutating func text() throws(RecordDamage) -> String {
        guard let text = String(validating: try run(), as: UTF8.self) else { throw RecordDamage() }
        return text
    }

    mutating func attribute(depth: Int = 0) throws(RecordDamage) -> Attribute {
        Attribute(key: try text(), value: try value(depth: depth))
    }

    mutating func value(depth: Int = 0) throws(RecordDamage) -> AttributeValue {
        switch ValueWriter.Kind(rawValue: try take(UInt8.self)) {
        case .empty: return .empty
        case .string: return .string(try text())
        case .bool: return .bool(try take(UInt8.self) != 0)
        case .int: return .int(try take(Int64.self))
        case .double: return .double(Double(bitPattern: try take(UInt64.self)))
        case .bytes: return .bytes(Array(try run()))
        case .array:
            let count = try count(depth: depth)
            var values: [AttributeValue] = []
            for _ in 0..<count { values.append(try value(depth: depth + 1)) }
            return .array(values)
        case .map: return .map(try attributes(count: try count(depth: depth), depth: depth + 1))
        case nil: throw RecordDamage()
        }
    }

    mutating func event() throws(RecordDamage) -> SpanRecord.Event {
        var event = SpanRecord.Event(time: try take(UInt64.self), name: "")
        event.droppedAttributes = try take(UInt32.self)
        let count = try take(UInt32.self)
        event.name = try text()
        event.attributes = try attributes(count: count, depth: 0)
        return event
    }

    mutating func link() throws(RecordDamage) -> SpanRecord.Link {
        let high = UInt64(bigEndian: try take(UInt64.self))
        let low = UInt64(bigEndian: try take(UInt64.self))
        let span = SpanID(value: UInt64(bigEndian: try take(UInt64.self)))
        var link = SpanRecord.Link(traceID: TraceID(high: high, low: low), spanID: span)
        link.flags = try take(UInt32.self)
        link.droppedAttributes = try take(UInt32.self)
        let count = try take(UInt32.self)
        link.traceState = try text()
        link.attributes = try attributes(count: count, depth: 0)
        return link
    }

    private mutating func attributes(count: UInt32, depth: Int) throws(RecordDamage) -> [Attribute] {
        var attributes: [Attribute] = []
        for _ in 0..<count { attributes.append(try attribute(depth: depth)) }
        return attributes
    }

    /// The number of elements, each of which takes a byte at least.
    private mutating func count(depth: Int) throws(RecordDamage) -> UInt32 {
        let count = try take(UInt32.self)
        guard depth < AttributeValue.maximumDepth, Int(count) <= bytes.count - offset else { throw RecordDamage() }
        return count
    }

    private mutating func run() throws(RecordDamage) -> UnsafeRawBufferPointer.SubSequence {
        let count = Int(try take(UInt32.self))
        guard count < bytes.count - offset else { throw RecordDamage() }
        defer { offset += count + 1 }
        return bytes[offset..<offset + count]
    }
}
