/// HTTP/2 frames written by hand, right or wrong: what nghttp2 would not send.
///
/// Header blocks are literals without indexing and without Huffman codes (RFC 7541 section 6.2.2), so that they leave no
/// trace in the receiver's table and may stand beside those of a real encoder.
package enum Frames {
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let endStream = Flags(rawValue: 1)
        /// On SETTINGS and PING.
        package static let acknowledgement = Flags(rawValue: 1)
        package static let endHeaders = Flags(rawValue: 4)
        package static let padded = Flags(rawValue: 8)
    }

    package enum Kind: UInt8, Sendable {
        case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
        /// A type that no specification knows; receivers ignore it.
        case unknown = 0xBA
    }

    /// Nine bytes and the payload; the length may be made to lie.
    package static func frame(
        _ kind: Kind,
        _ flags: Flags = [],
        stream: Int32 = 0,
        _ payload: [UInt8] = [],
        length: Int? = nil
    ) -> [UInt8] {
        let length = UInt32(length ?? payload.count)
        return bytes(length).dropFirst() + [kind.rawValue, flags.rawValue] + bytes(UInt32(bitPattern: stream)) + payload
    }

    package static func headers(
        _ stream: Int32,
        _ fields: [(String, String)],
        _ flags: Flags = .endHeaders
    ) -> [UInt8] {
        frame(.headers, flags, stream: stream, block(fields))
    }

    package static func data(_ stream: Int32, _ payload: [UInt8], _ flags: Flags = []) -> [UInt8] {
        frame(.data, flags, stream: stream, payload)
    }

    /// DATA with this many bytes of padding, which count for flow control (RFC 9113 section 6.1).
    package static func paddedData(_ stream: Int32, _ payload: [UInt8], padding: UInt8) -> [UInt8] {
        data(stream, [padding] + payload + [UInt8](repeating: 0, count: Int(padding)), .padded)
    }

    package static func reset(_ stream: Int32, _ code: UInt32) -> [UInt8] {
        frame(.resetStream, stream: stream, bytes(code))
    }

    package static func goAway(lastStream: Int32, _ code: UInt32 = 0, debug: String = "") -> [UInt8] {
        frame(.goAway, [], bytes(UInt32(bitPattern: lastStream)) + bytes(code) + Array(debug.utf8))
    }

    package static func ping(_ opaque: UInt64 = 7, _ flags: Flags = []) -> [UInt8] {
        frame(.ping, flags, bytes(UInt32(opaque >> 32)) + bytes(UInt32(truncatingIfNeeded: opaque)))
    }

    /// SETTINGS with these entries: identifier and value.
    package static func settings(_ entries: [(UInt16, UInt32)] = [], _ flags: Flags = []) -> [UInt8] {
        frame(.settings, flags, entries.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] + bytes($1) })
    }

    package static func windowUpdate(_ stream: Int32, _ increment: UInt32) -> [UInt8] {
        frame(.windowUpdate, stream: stream, bytes(increment))
    }

    /// A header block.
    package static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0) + string($1) }
    }

    /// gRPC's frame around a message.
    package static func message(_ bytes: [UInt8], flag: UInt8 = 0, length: UInt32? = nil) -> [UInt8] {
        [flag] + self.bytes(length ?? UInt32(bytes.count)) + bytes
    }

    /// A length of seven bits and more (RFC 7541 section 5.1), and the text.
    private static func string(_ text: String) -> [UInt8] {
        let utf8 = Array(text.utf8)
        guard utf8.count >= 127 else { return [UInt8(utf8.count)] + utf8 }
        var length: [UInt8] = [127]
        var rest = utf8.count - 127
        while rest >= 128 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return length + [UInt8(rest)] + utf8
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
