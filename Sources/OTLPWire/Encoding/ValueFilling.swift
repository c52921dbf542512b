import COTLP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads what ``ValueWriter`` wrote in this process, and so checks nothing.
struct ContentReader {
    private(set) var position: UnsafeMutableRawPointer

    init(_ position: UnsafeMutableRawPointer) {
        self.position = position
    }

    mutating func take<Number: BitwiseCopyable>(_ type: Number.Type) -> Number {
        defer { position += MemoryLayout<Number>.size }
        return position.loadUnaligned(as: type)
    }

    /// A text or byte string, without the NUL behind it.
    mutating func text() -> UnsafeMutableBufferPointer<UInt8> {
        let count = Int(take(UInt32.self))
        defer { position += count + 1 }
        return UnsafeMutableBufferPointer(start: position.assumingMemoryBound(to: UInt8.self), count: count)
    }

    mutating func binary(count: Int) -> ProtobufCBinaryData {
        defer { position += count }
        return ProtobufCBinaryData(len: count, data: position.assumingMemoryBound(to: UInt8.self))
    }
}

/// A key and its value, initialised together; the one points at the other.
struct WireAttribute {
    var keyValue: WireKeyValue
    var value: WireAnyValue
}

/// The attributes of one message, filled one by one.
struct AttributeList {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<WireKeyValue>?>?
    private let pairs: UnsafeMutablePointer<WireAttribute>
    private(set) var count = 0

    /// Makes room for so many attributes.
    init(count: Int, _ arena: inout MessageArena) {
        pointers = arena.pointers(to: WireKeyValue.self, count: count)
        pairs = arena.allocate(WireAttribute.self, count: count)
    }

    mutating func add(_ reader: inout ContentReader, _ arena: inout MessageArena) {
        let pair = UnsafeMutableRawPointer(pairs + count)
        let key = pair.assumingMemoryBound(to: WireKeyValue.self)
        // Both are structs of 8-byte words, so that the second follows the first at once.
        let value = (pair + MemoryLayout<WireKeyValue>.stride).assumingMemoryBound(to: WireAnyValue.self)
        key.initialize(to: arena.emptyAttribute.keyValue)
        value.initialize(to: arena.emptyAttribute.value)
        key.pointee.key = arena.string(&reader, field: 1, of: key)
        key.pointee.value = value
        arena.value(&reader, into: value)
        pointers?[count] = key
        count += 1
    }
}

extension MessageArena {
    /// A list of attributes that follow each other.
    mutating func attributes(
        _ reader: inout ContentReader,
        count: Int
    ) -> (UnsafeMutablePointer<UnsafeMutablePointer<WireKeyValue>?>?, Int) {
        var list = AttributeList(count: count, &self)
        for _ in 0..<count { list.add(&reader, &self) }
        return (list.pointers, list.count)
    }

    /// A text in place; nil, which protobuf-c skips, if it holds U+0000 and was added as an unknown field instead.
    mutating func string<Message>(
        _ reader: inout ContentReader,
        field number: UInt32,
        of message: UnsafeMutablePointer<Message>
    ) -> UnsafeMutablePointer<CChar>? {
        let text = reader.text()
        guard let base = UnsafeMutableRawPointer(text.baseAddress) else { return nil }
        let start = base.assumingMemoryBound(to: CChar.self)
        guard strlen(start) != text.count else { return start }
        addUnknownField(number, UnsafeBufferPointer(text), to: message)
        return nil
    }

    mutating func value(_ reader: inout ContentReader, into message: UnsafeMutablePointer<WireAnyValue>) {
        switch ValueWriter.Kind(rawValue: reader.take(UInt8.self)) {
        case .string:
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE
            message.pointee.string_value = string(&reader, field: 1, of: message)
        case .int:
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE
            message.pointee.int_value = reader.take(Int64.self)
        case .double:
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE
            message.pointee.double_value = Double(bitPattern: reader.take(UInt64.self))
        case .bool:
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE
            message.pointee.bool_value = Int32(reader.take(UInt8.self))
        case .bytes:
            let bytes = reader.text()
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE
            message.pointee.bytes_value = ProtobufCBinaryData(len: bytes.count, data: bytes.baseAddress)
        case .array:
            let array = self.message(opentelemetry__proto__common__v1__array_value__init)
            array.pointee.n_values = Int(reader.take(UInt32.self))
            array.pointee.values = pointers(to: WireAnyValue.self, count: array.pointee.n_values)
            for index in 0..<array.pointee.n_values {
                let element = self.message(opentelemetry__proto__common__v1__any_value__init)
                value(&reader, into: element)
                array.pointee.values[index] = element
            }
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE
            message.pointee.array_value = array
        case .map:
            let map = self.message(opentelemetry__proto__common__v1__key_value_list__init)
            let count = Int(reader.take(UInt32.self))
            (map.pointee.values, map.pointee.n_values) = attributes(&reader, count: count)
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE
            message.pointee.kvlist_value = map
        case .empty, nil: break
        }
    }
}
