import OTLPWire

/// Attributes in the form in which a caller has them; a series is found by them without converting anything.
protocol AttributeList: Sendable {
    var count: Int { get }
    func key(_ place: Int) -> String
    func value(_ place: Int) -> OTelAttributes.Value
}

extension OTelAttributes: AttributeList {
    var count: Int { pairs.count }
    func key(_ place: Int) -> String { pairs[place].0 }
    func value(_ place: Int) -> Value { pairs[place].1 }
}

/// The dimensions of a swift-metrics instrument.
struct Dimensions: AttributeList {
    let pairs: [(String, String)]

    var count: Int { pairs.count }
    func key(_ place: Int) -> String { pairs[place].0 }
    func value(_ place: Int) -> OTelAttributes.Value { .string(pairs[place].1) }
}

extension AttributeList {
    /// The same in every order: the hashes of the pairs are added up.
    var identity: UInt64 {
        let seed = FastHash.seed
        var sum = seed
        for place in 0..<count { sum &+= FastHash.pair(key(place), value(place), seed) }
        return sum
    }

    /// Whether these are the attributes of a series, in any order.
    func match(_ attributes: OTelAttributes) -> Bool {
        let count = count
        guard count == attributes.count else { return false }
        for place in 0..<count {
            // Nearly always the order is the one that was seen first.
            if key(place) == attributes.key(place), value(place).isSame(as: attributes.value(place)) { continue }
            let isFound = attributes.pairs.contains { $0.0 == key(place) && value(place).isSame(as: $0.1) }
            guard isFound else { return false }
        }
        return true
    }

    var hasRepeatedKey: Bool {
        for place in 0..<count where (0..<place).contains(where: { key($0) == key(place) }) { return true }
        return false
    }

    /// The attributes with the last value of each key.
    var withoutRepetition: OTelAttributes {
        let last = (0..<count).filter { place in !(place + 1..<count).contains { key($0) == key(place) } }
        return OTelAttributes(last.map { (key($0), value($0)) })
    }

    /// The same attributes for keeping.
    var copy: OTelAttributes { OTelAttributes((0..<count).map { (key($0), value($0)) }) }
}

extension OTelAttributes {
    /// As they are sent; there must be no repetition.
    var wire: [Attribute] { pairs.map { Attribute(key: $0.0, value: $0.1.wire) } }
}

extension OTelAttributes: Hashable {
    /// Compares as sets, without the values that a later one replaces.
    public static func == (left: Self, right: Self) -> Bool {
        let right = right.hasRepeatedKey ? right.withoutRepetition : right
        return left.hasRepeatedKey ? left.withoutRepetition.match(right) : left.match(right)
    }

    /// Hashes as a set.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(hasRepeatedKey ? withoutRepetition.identity : identity)
    }
}

extension OTelAttributes.Value {
    var wire: AttributeValue {
        switch self {
        case .string(let value): .string(value)
        case .int(let value): .int(Int64(value))
        case .double(let value): .double(value)
        case .bool(let value): .bool(value)
        }
    }

    /// Doubles are compared by their bits: NaN is one value, and not a new series each time.
    func isSame(as other: Self) -> Bool {
        switch (self, other) {
        case (.double(let own), .double(let other)): own.bitPattern == other.bitPattern
        default: self == other
        }
    }
}

extension OTelAttributes {
    /// What all attribute sets beyond the cardinality limit share (metrics/sdk.md, Overflow attribute).
    static let overflow: OTelAttributes = ["otel.metric.overflow": true]
}
