import COTLP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Packs items one behind the other, each with its tag and length, into a buffer whose size is an upper bound.
struct ItemWriter {
    /// Tag and length of an item.
    static let frame = 6
    /// Two bytes hold the length of items from 128 to 16,383 bytes, which most are.
    private static let expectedLengthSize = 2

    private let start: UnsafeMutablePointer<UInt8>
    private var position: UnsafeMutablePointer<UInt8>
    /// Where each item begins, and where the last one ends, from the start of the buffer.
    private(set) var offsets: [Int] = []

    init(_ buffer: UnsafeMutablePointer<UInt8>, headroom: Int, items: Int) {
        start = buffer
        position = start + headroom
        offsets.reserveCapacity(items + 1)
        offsets.append(headroom)
    }

    var count: Int { position - start }

    mutating func add<Message>(_ message: UnsafeMutablePointer<Message>) {
        let body = position + 1 + Self.expectedLengthSize
        let base = UnsafeMutableRawPointer(message).assumingMemoryBound(to: WireMessage.self)
        let size = protobuf_c_message_pack(base, body)
        position[0] = EnvelopeFraming.itemTag
        let lengthSize = EnvelopeFraming.varintSize(size)
        if lengthSize != Self.expectedLengthSize { memmove(position + 1 + lengthSize, body, size) }
        position += 1
        var rest = size
        while rest >= 0x80 {
            position.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
            position += 1
            rest >>= 7
        }
        position.pointee = UInt8(truncatingIfNeeded: rest)
        position += 1 + size
        offsets.append(count)
    }
}
