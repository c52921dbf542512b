/// The percent-encoding of `grpc-message`.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Status-Message": bytes %x20-7E but for `%` stand for themselves.
enum PercentCoding {
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    static func encode(_ message: String) -> String {
        var text: [UInt8] = []
        for byte in message.utf8 {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Never fails: an escape that is none stays as it is, and what is no UTF-8 becomes U+FFFD.
    static func decode(_ text: String) -> String {
        let encoded = Array(text.utf8)
        guard encoded.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var index = 0
        while index < encoded.count {
            if encoded[index] == UInt8(ascii: "%"), index + 2 < encoded.count,
                let high = nibble(encoded[index + 1]), let low = nibble(encoded[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(encoded[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
