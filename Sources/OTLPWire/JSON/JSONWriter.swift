/// Writes one line of JSON as the OTLP specification wants it, field by field.
///
/// Fields at their protobuf default are left out, as protobuf's JSON mapping does; names are in lower camel case, enums are
/// numbers, 64-bit integers are strings (opentelemetry-proto docs/specification.md, JSON Protobuf Encoding).
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        enclosed(by: "{", "}", body)
    }

    /// An object under a name.
    mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// An array under a name, left out if it is empty unless `isKept`.
    mutating func array<Element>(
        _ name: StaticString,
        _ elements: [Element],
        isKept: Bool = false,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        guard isKept || !elements.isEmpty else { return }
        key(name)
        enclosed(by: "[", "]") { json in
            for element in elements {
                json.separate()
                body(&json, element)
            }
        }
    }

    /// Text under a name, left out if it is empty unless `isKept`.
    mutating func string(_ name: StaticString, _ text: String, isKept: Bool = false) {
        guard isKept || !text.isEmpty else { return }
        key(name)
        quoted(text)
    }

    mutating func bool(_ name: StaticString, _ value: Bool, isKept: Bool = false) {
        guard isKept || value else { return }
        key(name)
        raw(value ? "true" : "false")
    }

    /// A number of at most 32 bits: as it is.
    mutating func number(_ name: StaticString, _ value: some FixedWidthInteger) {
        guard value != 0 else { return }
        key(name)
        raw(String(value))
    }

    /// A number of 64 bits: as a string, since JSON's numbers are doubles to many readers.
    mutating func wideNumber(_ name: StaticString, _ value: some FixedWidthInteger, isKept: Bool = false) {
        guard isKept || value != 0 else { return }
        key(name)
        wideElement(value)
    }

    /// An element of an array of 64-bit numbers.
    mutating func wideElement(_ value: some FixedWidthInteger) { raw("\"\(value)\"") }

    mutating func double(_ name: StaticString, _ value: Double) {
        key(name)
        doubleElement(value)
    }

    /// An element of an array of doubles; what JSON has no number for is a string, as in protobuf's mapping.
    mutating func doubleElement(_ value: Double) {
        if value.isNaN {
            raw("\"NaN\"")
        } else if value.isInfinite {
            raw(value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        } else {
            raw("\(value)")
        }
    }

    /// Bytes as base64 (RFC 4648 section 4).
    mutating func binary(_ name: StaticString, _ content: [UInt8]) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        key(name)
        raw("\"")
        for start in stride(from: 0, to: content.count, by: 3) {
            let group = content[start..<min(start + 3, content.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                bytes.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        raw("\"")
    }

    private mutating func key(_ name: StaticString) {
        separate()
        raw("\"\(name)\":")
    }

    private mutating func separate() {
        if needsComma { raw(",") }
        needsComma = true
    }

    private mutating func enclosed(by open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        raw(open)
        needsComma = false
        body(&self)
        raw(close)
        needsComma = true
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quoted(_ text: String) {
        raw("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                raw(hex.count == 1 ? "\\u000\(hex)" : "\\u00\(hex)")
            default: bytes.append(byte)
            }
        }
        raw("\"")
    }
}
