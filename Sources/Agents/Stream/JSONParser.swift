/// Why a line is no JSON.
struct JSONError: Error, Equatable {
    /// What was wrong, in a few words.
    var reason: String
    /// Where, in bytes from the start of the line.
    var offset: Int
}

/// Reads one JSON value from bytes (RFC 8259), leniently inside strings and strictly outside.
///
/// Broken UTF-8 and lone surrogates become U+FFFD, control characters in strings are taken as they are: an agent quotes
/// what its commands printed. Depth is bounded, time is linear.
struct JSONParser {
    /// How deep arrays and objects may nest.
    static let maximumDepth = 256

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The value of a line that holds nothing else but whitespace around it.
    static func value(of line: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: line)
        let value = try parser.parseValue()
        parser.skipWhitespace()
        guard parser.position == line.count else { throw parser.error("text after the value") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ reason: String) -> JSONError {
        JSONError(reason: current == nil ? "it ends too early" : reason, offset: position)
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { position += 1 }
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        skipWhitespace()
        switch current {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: return try parseNumber()
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = Array(word.description.utf8)
        guard bytes[position...].starts(with: expected) else { throw error("an unknown word") }
        position += expected.count
        return value
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try enter()
        var members: [JSONValue.Member] = []
        skipWhitespace()
        while current != UInt8(ascii: "}") {
            if !members.isEmpty { try expect(UInt8(ascii: ","), "a comma is missing") }
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw error("a name is missing") }
            let name = try parseString()
            skipWhitespace()
            try expect(UInt8(ascii: ":"), "a colon is missing")
            members.append(JSONValue.Member(name: name, value: try parseValue()))
            skipWhitespace()
        }
        leave()
        return .object(members)
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try enter()
        var values: [JSONValue] = []
        skipWhitespace()
        while current != UInt8(ascii: "]") {
            if !values.isEmpty { try expect(UInt8(ascii: ","), "a comma is missing") }
            values.append(try parseValue())
            skipWhitespace()
        }
        leave()
        return .array(values)
    }

    private mutating func enter() throws(JSONError) {
        guard depth < Self.maximumDepth else { throw error("nested too deeply") }
        depth += 1
        position += 1
    }

    private mutating func leave() {
        depth -= 1
        position += 1
    }

    private mutating func expect(_ byte: UInt8, _ reason: String) throws(JSONError) {
        guard current == byte else { throw error(reason) }
        position += 1
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        while let byte = current, Self.isPartOfNumber(byte) { position += 1 }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        // Double takes more than JSON has: `.5`, `+5`.
        guard let first = digits.utf8.first, first == UInt8(ascii: "-") || Self.isDigit(first), Double(digits) != nil
        else {
            position = start
            throw error("no value")
        }
        return .number(digits)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: isDigit(byte)
        }
    }
}

extension JSONParser {
    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let plain = takePlain()
        if current == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: plain, as: UTF8.self)
        }
        var decoded = Array(plain)
        while current == UInt8(ascii: "\\") {
            position += 1
            try parseEscape(into: &decoded)
            decoded += takePlain()
        }
        try expect(UInt8(ascii: "\""), "a string has no end")
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Takes what stands for itself, up to the next quotation mark or backslash.
    private mutating func takePlain() -> ArraySlice<UInt8> {
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\") { end += 1 }
        defer { position = end }
        return bytes[position..<end]
    }

    private mutating func parseEscape(into decoded: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw error("an escape has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: String(Character(try parseUnicodeEscape())).utf8)
        default: throw error("an unknown escape")
        }
    }

    /// A character from `\uXXXX`, a surrogate pair being two of them; half a pair becomes U+FFFD.
    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let resume = position
        if UTF16.isLeadSurrogate(first), bytes[position...].starts(with: Array("\\u".utf8)) {
            position += 2
            let second = try parseHexDigits()
            if UTF16.isTrailSurrogate(second) {
                let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                return Unicode.Scalar(value) ?? "\u{FFFD}"
            }
            position = resume
        }
        return "\u{FFFD}"
    }

    private mutating func parseHexDigits() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count,
            let value = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("an escape without four hexadecimal digits") }
        position += 4
        return value
    }
}
