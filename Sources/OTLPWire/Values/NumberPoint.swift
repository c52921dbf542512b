/// A number for one set of attributes: OTLP's `NumberDataPoint`.
package struct NumberPoint: Sendable, Hashable {
    /// A number keeps its type; receivers tell the two apart.
    package enum Value: Sendable, Hashable {
        case int(Int64)
        case double(Double)
    }

    package var attributes: [Attribute]
    /// Nanoseconds since 1970; what a cumulative sum counts from.
    package var startTime: UInt64
    /// Nanoseconds since 1970; never zero, or the point is lost behind an answer of OK.
    package var time: UInt64
    package var value: Value
    package var exemplars: [Exemplar]

    package init(
        attributes: [Attribute] = [],
        startTime: UInt64,
        time: UInt64,
        value: Value,
        exemplars: [Exemplar] = []
    ) {
        self.attributes = attributes
        self.startTime = startTime
        self.time = time
        self.value = value
        self.exemplars = exemplars
    }
}
