/// A distribution for one set of attributes: OTLP's `ExponentialHistogramDataPoint`.
///
/// Bucket number `i` holds values above `base^i` up to `base^(i+1)`, where `base` is 2 to the power of `2^-scale`.
package struct ExponentialHistogramPoint: Sendable, Hashable {
    /// Counts of buckets that follow each other.
    package struct Buckets: Sendable, Hashable {
        /// The number of the first bucket.
        package var offset: Int32
        package var counts: [UInt64]

        package init(offset: Int32 = 0, counts: [UInt64] = []) {
            self.offset = offset
            self.counts = counts
        }
    }

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
    package var scale: Int32
    /// Values that are zero, or as near to it as ``zeroThreshold``.
    package var zeroCount: UInt64
    package var zeroThreshold: Double
    package var positive: Buckets
    package var negative: Buckets
    package var exemplars: [Exemplar]

    package init(
        attributes: [Attribute] = [],
        startTime: UInt64,
        time: UInt64,
        count: UInt64,
        sum: Double? = nil,
        min: Double? = nil,
        max: Double? = nil,
        scale: Int32 = 0,
        zeroCount: UInt64 = 0,
        zeroThreshold: Double = 0,
        positive: Buckets = Buckets(),
        negative: Buckets = Buckets(),
        exemplars: [Exemplar] = []
    ) {
        self.attributes = attributes
        self.startTime = startTime
        self.time = time
        self.count = count
        self.sum = sum
        self.min = min
        self.max = max
        self.scale = scale
        self.zeroCount = zeroCount
        self.zeroThreshold = zeroThreshold
        self.positive = positive
        self.negative = negative
        self.exemplars = exemplars
    }
}
