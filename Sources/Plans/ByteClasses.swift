/// What a byte of Markdown is; only ASCII has a class, bytes of other characters have none.
extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isUppercase: Bool { self >= 0x41 && self <= 0x5A }
    var isLetter: Bool { isUppercase || (self >= 0x61 && self <= 0x7A) }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    /// The byte in lower case.
    var lowercase: UInt8 { isUppercase ? self | 0x20 : self }
    /// Part of a character outside ASCII.
    var isBeyondASCII: Bool { self >= 0x80 }
}

/// The bytes with a meaning in Markdown, by name.
enum Byte {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let hash = UInt8(ascii: "#")
    static let star = UInt8(ascii: "*")
    static let underscore = UInt8(ascii: "_")
    static let doubleQuote = UInt8(ascii: "\"")
    static let singleQuote = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")
    static let dollar = UInt8(ascii: "$")
    static let semicolon = UInt8(ascii: ";")
    static let backtick = UInt8(ascii: "`")
    static let tilde = UInt8(ascii: "~")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let equals = UInt8(ascii: "=")
    static let colon = UInt8(ascii: ":")
    static let dot = UInt8(ascii: ".")
    static let comma = UInt8(ascii: ",")
    static let pipe = UInt8(ascii: "|")
    static let slash = UInt8(ascii: "/")
    static let quote = UInt8(ascii: ">")
    static let less = UInt8(ascii: "<")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openParenthesis = UInt8(ascii: "(")
    static let closeParenthesis = UInt8(ascii: ")")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
}
