import OTLPWire

/// The attributes that tell one series of an instrument from the others: in the order of their keys, the last value of
/// a key holding.
struct SeriesAttributes: Sendable, Hashable {
    private let pairs: [[String]]

    /// What all attribute sets beyond the cardinality limit share (metrics/sdk.md, Overflow attribute).
    static let overflow = SeriesAttributes(["otel.metric.overflow": "true"], isOverflow: true)

    private let isOverflow: Bool

    init(_ dimensions: [(String, String)]) {
        self.init(Dictionary(dimensions) { _, last in last })
    }

    init(_ attributes: [String: String]) {
        self.init(attributes, isOverflow: false)
    }

    private init(_ attributes: [String: String], isOverflow: Bool) {
        pairs = attributes.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        self.isOverflow = isOverflow
    }

    var attributes: [Attribute] {
        if isOverflow { return [Attribute(key: "otel.metric.overflow", value: .bool(true))] }
        return pairs.map { Attribute(key: $0[0], value: .string($0[1])) }
    }
}
