/// A JSON value as an agent's stream holds it.
///
/// Order and spelling are kept as far as they can matter: members stay in their order, numbers in their own digits.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number in the spelling that it came in.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name and its value.
    struct Member: Sendable, Equatable {
        var name: String
        var value: JSONValue
    }

    /// The member of that name, or nil if this is no object or has none; the last one wins if there are several.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text of a string, or nil for anything else.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value, or nil for anything else.
    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The finite number, or nil for anything else.
    var double: Double? {
        guard case .number(let digits) = self, let value = Double(digits), value.isFinite else { return nil }
        return value
    }

    /// The whole number, or nil for anything else; a fraction and what does not fit are cut off.
    var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        if let value = Int(digits) { return value }
        return double.map { Int(exactly: $0.rounded(.towardZero)) ?? ($0 < 0 ? Int.min : Int.max) }
    }

    /// The elements of an array, or none for anything else.
    var elements: [JSONValue] {
        if case .array(let values) = self { values } else { [] }
    }

    /// The members of an object, or none for anything else.
    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }
}

extension JSONValue {
    /// This value as JSON text on one line.
    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                text += index == 0 ? "" : ","
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                text += index == 0 ? "" : ","
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
