/// Base64 as gRPC's `-bin` metadata has it: written without padding, read with or without.
///
/// Specification: RFC 4648 section 4; grpc `doc/PROTOCOL-HTTP2.md`, "Binary-Header".
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8) | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int((bits >> UInt32(count)) & 0x3F)])
            }
        }
        if count > 0 {
            text.append(alphabet[Int((bits << UInt32(6 - count)) & 0x3F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` if there is a character outside the alphabet, padding in a wrong place or a length that cannot be.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        let body = digits.prefix { $0 != UInt8(ascii: "=") }
        let padding = digits[body.endIndex...]
        guard padding.allSatisfy({ $0 == UInt8(ascii: "=") }), body.count % 4 != 1 else { return nil }
        guard padding.isEmpty || (padding.count <= 2 && digits.count % 4 == 0) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for digit in body {
            guard let value = value(of: digit) else { return nil }
            bits = (bits << 6) | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
