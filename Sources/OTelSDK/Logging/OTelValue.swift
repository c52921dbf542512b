import OTLPWire

/// What a log record's body or attribute may hold (specification/common/README.md, AnyValue).
///
/// Literals make values: `["user": "a", "sizes": [1, 2], "ok": true]`.
public enum OTelValue: Sendable, Hashable {
    /// Nothing; distinct from an empty string.
    case empty
    /// A text.
    case string(String)
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case int(Int64)
    /// A number.
    case double(Double)
    /// Bytes that are no text.
    case bytes([UInt8])
    /// Values of any kind, in order.
    case array([OTelValue])
    /// Values by name.
    case map([String: OTelValue])

    /// The same for the wire; the members of a map in the order of their names.
    var wire: AttributeValue {
        switch self {
        case .empty: .empty
        case .string(let value): .string(value)
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .bytes(let value): .bytes(value)
        case .array(let values): .array(values.map(\.wire))
        case .map(let members):
            .map(members.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: $0.value.wire) })
        }
    }
}

extension OTelValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Values in order.
    public init(arrayLiteral elements: OTelValue...) { self = .array(elements) }
    /// Values by name; of two with one name the last holds.
    public init(dictionaryLiteral elements: (String, OTelValue)...) {
        self = .map(Dictionary(elements) { _, last in last })
    }
    /// Nothing.
    public init(nilLiteral: ()) { self = .empty }
}
