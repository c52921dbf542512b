#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes keys and values one behind the other, unaligned; whoever calls it has reserved the room.
///
/// A value is its kind (u8), then nothing, a byte, eight bytes, a text (length u32, bytes, NUL), or a count (u32) and so
/// many values, for a map each behind its key. A key is a text. The NUL lets protobuf-c read texts in place.
struct ValueWriter {
    enum Kind: UInt8 {
        case empty = 0
        case string = 1
        case bool = 2
        case int = 3
        case double = 4
        case bytes = 5
        case array = 6
        case map = 7
    }

    private(set) var position: UnsafeMutableRawPointer

    init(_ position: UnsafeMutableRawPointer) {
        self.position = position
    }

    /// Bytes that ``value(_:depth:)`` writes.
    static func size(_ value: AttributeValue, depth: Int = 0) -> Int {
        switch value {
        case .empty: return 1
        case .bool: return 2
        case .int, .double: return 9
        case .string(let text): return 6 + text.utf8.count
        case .bytes(let bytes): return 6 + bytes.count
        case .array(let values):
            guard depth < AttributeValue.maximumDepth else { return size(AttributeValue.tooDeep) }
            return values.reduce(5) { $0 + size($1, depth: depth + 1) }
        case .map(let attributes):
            guard depth < AttributeValue.maximumDepth else { return size(AttributeValue.tooDeep) }
            return attributes.reduce(5) { $0 + 5 + $1.key.utf8.count + size($1.value, depth: depth + 1) }
        }
    }

    static func size(_ attributes: [Attribute]) -> Int {
        attributes.reduce(0) { $0 + 5 + $1.key.utf8.count + size($1.value) }
    }

    mutating func value(_ value: AttributeValue, depth: Int = 0) {
        switch value {
        case .empty: put(Kind.empty.rawValue)
        case .bool(let flag): bool(flag)
        case .int(let number): int(number)
        case .double(let number): double(number)
        case .string(let string): string.withBytes { text(.string, $0) }
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { text(.bytes, $0) }
        case .array(let values):
            guard depth < AttributeValue.maximumDepth else { return self.value(.tooDeep) }
            put(Kind.array.rawValue)
            put(UInt32(values.count))
            for value in values { self.value(value, depth: depth + 1) }
        case .map(let attributes):
            guard depth < AttributeValue.maximumDepth else { return self.value(.tooDeep) }
            put(Kind.map.rawValue)
            put(UInt32(attributes.count))
            for attribute in attributes { self.attribute(attribute, depth: depth + 1) }
        }
    }

    mutating func attribute(_ attribute: Attribute, depth: Int = 0) {
        attribute.key.withBytes { key($0) }
        value(attribute.value, depth: depth)
    }

    mutating func bool(_ flag: Bool) {
        put(Kind.bool.rawValue)
        put(flag ? UInt8(1) : 0)
    }

    mutating func int(_ number: Int64) {
        put(Kind.int.rawValue)
        put(number)
    }

    mutating func double(_ number: Double) {
        put(Kind.double.rawValue)
        put(number.bitPattern)
    }

    mutating func text(_ kind: Kind, _ bytes: UnsafeBufferPointer<UInt8>) {
        put(kind.rawValue)
        key(bytes)
    }

    mutating func key(_ bytes: UnsafeBufferPointer<UInt8>) {
        put(UInt32(truncatingIfNeeded: bytes.count))
        if let source = bytes.baseAddress { memcpy(position, source, bytes.count) }
        position += bytes.count
        put(UInt8(0))
    }

    mutating func put<Number: BitwiseCopyable>(_ number: Number) {
        position.storeBytes(of: number, as: Number.self)
        position += MemoryLayout<Number>.size
    }
}

extension String {
    /// The bytes of the text, in place where that is possible: as every text is that was made by Swift.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
        var text = self
        return text.withUTF8(body)
    }

    /// So many characters at most.
    package func limited(to length: Int?) -> String {
        // A character has at least one byte.
        guard let length, utf8.count > length, count > length else { return self }
        return String(prefix(length))
    }
}

extension AttributeValue {
    /// Texts cut to so many characters and byte strings to so many bytes, in arrays and maps too.
    package func limited(to length: Int?) -> AttributeValue {
        guard let length else { return self }
        switch self {
        case .empty, .bool, .int, .double: return self
        case .string(let text): return .string(text.limited(to: length))
        case .bytes(let bytes): return .bytes(Array(bytes.prefix(length)))
        case .array(let values): return .array(values.map { $0.limited(to: length) })
        case .map(let attributes):
            return .map(attributes.map { Attribute(key: $0.key, value: $0.value.limited(to: length)) })
        }
    }
}
