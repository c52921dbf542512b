/// The bytes that a rule looks at: some that were decided before, the present one, and as many after it as have come.
struct RedactionText {
    var bytes: [UInt8]
    /// Whether nothing follows them.
    var isEnd: Bool

    /// What a rule says where the bytes end before it can tell.
    var atEnd: RedactionMatch { isEnd ? .none : .undecided }

    /// The byte there, or nil beyond both ends.
    subscript(index: Int) -> UInt8? { index >= 0 && index < bytes.count ? bytes[index] : nil }

    /// Whether the bytes go on with others at an index; nil if more must come to tell.
    func continues(with other: [UInt8], at start: Int, ignoringCase: Bool = false) -> Bool? {
        for offset in other.indices {
            guard let byte = self[start + offset] else { return isEnd ? false : nil }
            guard (ignoringCase ? byte.lowercased : byte) == other[offset] else { return false }
        }
        return true
    }

    /// How many bytes of a class follow an index, at most so many; nil if more must come to tell.
    func count(of group: ByteGroup, at start: Int, upTo limit: Int) -> Int? {
        var index = start
        while index - start < limit {
            guard let byte = self[index] else { return isEnd ? index - start : nil }
            guard group.contains(byte) else { break }
            index += 1
        }
        return index - start
    }

    /// Whether a word can begin at an index: at the beginning, after what is no letter and no digit, or after an escape
    /// of JSON such as `\n` or `\u0020`.
    func isWordStart(_ index: Int) -> Bool {
        guard let previous = self[index - 1], ByteGroup.alphanumeric.contains(previous) else { return true }
        if self[index - 2] == .backslash, ByteGroup.escapeLetters.contains(previous) { return true }
        return self[index - 6] == .backslash && self[index - 5] == UInt8(ascii: "u")
    }
}

extension UInt8 {
    static let backslash = UInt8(ascii: "\\")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let newline = UInt8(ascii: "\n")

    /// The small letter of an ASCII letter; anything else as it is.
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
    /// The capital of a small ASCII letter.
    var capital: UInt8 { self & ~0x20 }
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isCapital: Bool { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}

/// A set of bytes.
struct ByteGroup: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Whether every byte from 0x80 on is in it.
    private var hasNonASCII = false

    /// Letters, digits and these characters of ASCII.
    init(alphanumericAnd characters: StaticString = "") {
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { insert(byte) }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { insert(byte) }
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { insert(byte) }
        for byte in characters.description.utf8 { insert(byte) }
    }

    /// These characters of ASCII.
    init(_ characters: StaticString) {
        for byte in characters.description.utf8 { insert(byte) }
    }

    /// Every printable character but the blank and these.
    init(printableBut characters: StaticString) {
        hasNonASCII = true
        let excluded = Set(characters.description.utf8)
        for byte in UInt8(0x21)...0x7E where !excluded.contains(byte) { insert(byte) }
    }

    func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<64: low & (1 << UInt64(byte)) != 0
        case ..<128: high & (1 << UInt64(byte - 64)) != 0
        default: hasNonASCII
        }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }

    static let alphanumeric = ByteGroup(alphanumericAnd: "")
    /// The letters of JSON's short escapes, but for those of quotes and slashes.
    static let escapeLetters = ByteGroup("nrtbf")
    static let urlSafe = ByteGroup(alphanumericAnd: "_-")
    /// RFC 7235's token68.
    static let token68 = ByteGroup(alphanumericAnd: "-._~+/=")
    /// What a value without quotes can have: not what ends a word of a shell, or a part of a query.
    static let bareValue = ByteGroup(printableBut: "\"'`\\&;")
}
