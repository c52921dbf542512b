/// Percent-encoding of UTF-8 as in RFC 3986, for baggage and for the list variables.
enum PercentEncoding {
    /// Nil for a broken escape or for bytes that are not UTF-8.
    static func decode(_ text: String) -> String? {
        decodeBytes(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Nil for a broken escape; what is not UTF-8 becomes U+FFFD, as W3C Baggage asks (3.3.1.3, value).
    static func decodeRepairing(_ text: String) -> String? {
        decodeBytes(text).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func decodeBytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Escapes every byte that a baggage value may not hold as it is, and `%` itself (W3C Baggage, baggage-octet).
    static func encodeBaggageValue(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isBaggageOctet(byte) && byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), upperHex[Int(byte >> 4)], upperHex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let upperHex = [UInt8]("0123456789ABCDEF".utf8)

    /// Visible ASCII without `"`, `,`, `;` and `\`.
    private static func isBaggageOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
