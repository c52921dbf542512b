/// Reads the protobuf wire format, field by field, from bytes that nobody vouches for.
///
/// Decoding is done here and not by protobuf-c, whose `unpack` can corrupt memory on unknown fields in the version that
/// Debian 12 has (1.4.1; mended in 1.5.1). Arrays are indexed with their bounds checked, lengths are compared before
/// they are used, nesting ends at ``maximumDepth``: any bytes give a value or an ``OTLPWireError``.
struct ProtobufReader {
    /// Nested messages that are followed, as many as other protobuf decoders do.
    static let maximumDepth = 100

    /// One field's number and what it holds.
    struct Field {
        enum Content {
            case varint(UInt64)
            case fixed64(UInt64)
            case fixed32(UInt32)
            /// A string, bytes, a message or packed numbers: offsets into the whole input.
            case bytes(Range<Int>)
        }

        var number: Int
        var content: Content
    }

    private let bytes: [UInt8]
    private let end: Int
    private let depth: Int
    private let message: StaticString
    private(set) var position: Int

    init(_ bytes: [UInt8], message: StaticString) {
        self.init(bytes: bytes, range: 0..<bytes.count, depth: 1, message: message)
    }

    private init(bytes: [UInt8], range: Range<Int>, depth: Int, message: StaticString) {
        self.bytes = bytes
        self.end = range.upperBound
        self.depth = depth
        self.message = message
        self.position = range.lowerBound
    }

    /// The next field, or nil at the end.
    ///
    /// What the caller does not know it ignores, as protobuf wants.
    mutating func next() throws(OTLPWireError) -> Field? {
        guard position < end else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard (1...0x1FFF_FFFF).contains(number) else { throw error(.malformed) }
        switch tag & 7 {
        case 0: return Field(number: Int(number), content: .varint(try varint()))
        case 1: return Field(number: Int(number), content: .fixed64(try fixed64()))
        case 2: return Field(number: Int(number), content: .bytes(try lengthDelimited()))
        case 5: return Field(number: Int(number), content: .fixed32(UInt32(truncatingIfNeeded: try littleEndian(4))))
        default: throw error(.malformed)
        }
    }

    /// False when everything has been read; for packed numbers.
    var hasMore: Bool { position < end }

    mutating func fixed64() throws(OTLPWireError) -> UInt64 { try littleEndian(8) }

    /// A reader of the message, or packed numbers, in `range`.
    func submessage(_ range: Range<Int>, _ message: StaticString) throws(OTLPWireError) -> ProtobufReader {
        guard depth < Self.maximumDepth else { throw error(.tooDeep, at: range.lowerBound) }
        return ProtobufReader(bytes: bytes, range: range, depth: depth + 1, message: message)
    }

    func string(_ range: Range<Int>) throws(OTLPWireError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw error(.invalidUTF8, at: range.lowerBound)
        }
        return text
    }

    /// With U+FFFD for what is not UTF-8.
    func repairedString(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    func array(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    func error(_ code: OTLPWireError.Code, at offset: Int? = nil) -> OTLPWireError {
        OTLPWireError(code: code, offset: offset ?? position, message: "\(message)")
    }

    mutating func varint() throws(OTLPWireError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw error(.truncated) }
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit only.
            guard shift < 63 || byte <= 1 else { throw error(.malformed) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw error(.malformed)
    }

    private mutating func littleEndian(_ count: Int) throws(OTLPWireError) -> UInt64 {
        guard end - position >= count else { throw error(.truncated) }
        var value: UInt64 = 0
        for index in 0..<count {
            value |= UInt64(bytes[position + index]) << UInt64(8 * index)
        }
        position += count
        return value
    }

    private mutating func lengthDelimited() throws(OTLPWireError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - position) else { throw error(.truncated) }
        let start = position
        position += Int(length)
        return start..<position
    }
}
