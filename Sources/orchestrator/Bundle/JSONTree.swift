import Foundation

/// Any JSON value, for what is put together of parts whose shape is others' affair.
enum JSONTree: Codable, Sendable, Equatable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let members): try container.encode(members)
        case .array(let values): try container.encode(values)
        case .string(let text): try container.encode(text)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .bool(let bool): try container.encode(bool)
        case .null: try container.encodeNil()
        }
    }
}

extension JSONTree {
    /// A text, or null.
    static func text(_ text: String?) -> JSONTree { text.map(JSONTree.string) ?? .null }

    /// A list of texts, or null.
    static func texts(_ texts: [String]?) -> JSONTree { texts.map { .array($0.map(JSONTree.string)) } ?? .null }

    /// A whole number, or null.
    static func whole(_ number: (some BinaryInteger)?) -> JSONTree { number.map { .integer(Int($0)) } ?? .null }

    /// A number, or null.
    static func decimal(_ number: Double?) -> JSONTree { number.map(JSONTree.number) ?? .null }

    /// What a text of JSON has; the text itself if it is none, null without one.
    static func parsed(_ json: String?) -> JSONTree {
        guard let json else { return .null }
        return (try? JSONDecoder().decode(JSONTree.self, from: Data(json.utf8))) ?? .string(json)
    }
}
