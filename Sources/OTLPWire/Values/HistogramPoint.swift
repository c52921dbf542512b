/// A distribution for one set of attributes: OTLP's `HistogramDataPoint` with explicit bounds.
package struct HistogramPoint: Sendable, Hashable {
    package var attributes: [Attribute]
    /// Nanoseconds since 1970.
    package var startTime: UInt64
    /// Nanoseconds since 1970.
    package var time: UInt64
    package var count: UInt64
    /// Nil where a sum means nothing, as for values that may be negative.
    package var sum: Double?
    package var min: Double?
    package var max: Double?
    /// One more than there are bounds, or none at all; together they make ``count``.
    package var bucketCounts: [UInt64]
    /// Upper bounds, inclusive and rising; the last bucket has none.
    package var explicitBounds: [Double]
    package var exemplars: [Exemplar]

    package init(
        attributes: [Attribute] = [],
        startTime: UInt64,
        time: UInt64,
        count: UInt64,
        sum: Double? = nil,
        min: Double? = nil,
        max: Double? = nil,
        bucketCounts: [UInt64] = [],
        explicitBounds: [Double] = [],
        exemplars: [Exemplar] = []
    ) {
        self.attributes = attributes
        self.startTime = startTime
        self.time = time
        self.count = count
        self.sum = sum
        self.min = min
        self.max = max
        self.bucketCounts = bucketCounts
        self.explicitBounds = explicitBounds
        self.exemplars = exemplars
    }
}
