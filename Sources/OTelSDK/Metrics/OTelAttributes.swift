/// What a measurement is told apart by: keys and values, written as a dictionary literal.
///
/// The order does not matter. Of a key that is given twice the last value holds. Metric attributes are exempt from the
/// attribute limits of spans and log records (metrics/sdk.md, Attribute limits); what bounds them is
/// ``OTelConfiguration/cardinalityLimit``.
public struct OTelAttributes: Sendable, ExpressibleByDictionaryLiteral {
    /// A value with its type, which receivers keep: `1` and `1.0` make two series.
    public enum Value: Sendable, Hashable {
        /// Text.
        case string(String)
        /// A whole number.
        case int(Int)
        /// A number with a fraction.
        case double(Double)
        /// True or false.
        case bool(Bool)
    }

    let pairs: [(String, Value)]

    /// Takes the pairs of a literal such as `["http.route": "/", "http.response.status_code": 200]`.
    public init(dictionaryLiteral elements: (String, Value)...) {
        pairs = elements
    }

    /// Takes pairs that were put together at run time.
    public init(_ pairs: [(String, Value)]) {
        self.pairs = pairs
    }
}

extension OTelAttributes.Value: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    /// Makes text, also with interpolation.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Makes a whole number.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// Makes a number with a fraction.
    public init(floatLiteral value: Double) { self = .double(value) }

    /// Makes true or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
