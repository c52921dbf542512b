/// A source of metrics that are kept elsewhere, asked at each collection (metrics/sdk.md, MetricProducer).
///
/// For totals that outlive the process, read from a database for instance. Between the question and the collector's
/// answer ``OTelConfiguration/collectionLockFile`` is locked, so that of two processes the one that read later also
/// arrives later. What is produced is never spooled: the next collection reads it anew.
public protocol MetricProducer: Sendable {
    /// The metrics as they are now; may block, and runs on a thread of its own.
    func produce() throws -> [ProducedMetric]
}

/// A metric as a producer gives it; counters and histograms are cumulative since ``startTime``.
public struct ProducedMetric: Sendable, Equatable {
    /// A number as counters have them; receivers tell the two apart.
    public enum Value: Sendable, Equatable {
        /// A whole number.
        case int(Int64)
        /// A number with a fraction.
        case double(Double)
    }

    /// A counter's total, or a gauge's value, for one set of attributes.
    public struct CounterPoint: Sendable, Equatable {
        /// The set of attributes; unique within the metric.
        public var attributes: [String: String]
        /// The total, or the value now.
        public var value: Value

        /// Makes a point.
        public init(attributes: [String: String] = [:], value: Value) {
            self.attributes = attributes
            self.value = value
        }
    }

    /// One measurement that stands for others of its bucket.
    public struct Exemplar: Sendable, Equatable {
        /// What was measured.
        public var value: Double
        /// When, in nanoseconds since 1970.
        public var time: UInt64
        /// The trace in which it was measured: 32 hexadecimal digits; another text is passed over.
        public var traceID: String
        /// The span in which it was measured: 16 hexadecimal digits; nil where it is not known.
        public var spanID: String?

        /// Makes an exemplar.
        public init(value: Double, time: UInt64, traceID: String, spanID: String? = nil) {
            self.value = value
            self.time = time
            self.traceID = traceID
            self.spanID = spanID
        }
    }

    /// A distribution for one set of attributes.
    public struct HistogramPoint: Sendable, Equatable {
        /// The set of attributes; unique within the metric.
        public var attributes: [String: String]
        /// How many values.
        public var count: UInt64
        /// Their sum; nil where it means nothing.
        public var sum: Double?
        /// The least value.
        public var min: Double?
        /// The greatest value.
        public var max: Double?
        /// Upper bounds, inclusive and rising.
        public var bounds: [Double]
        /// One more than there are bounds.
        public var bucketCounts: [UInt64]
        /// Measurements that stand for others, at most one a bucket.
        public var exemplars: [Exemplar]

        /// Makes a point.
        public init(
            attributes: [String: String] = [:],
            count: UInt64,
            sum: Double?,
            min: Double? = nil,
            max: Double? = nil,
            bounds: [Double],
            bucketCounts: [UInt64],
            exemplars: [Exemplar] = []
        ) {
            self.attributes = attributes
            self.count = count
            self.sum = sum
            self.min = min
            self.max = max
            self.bounds = bounds
            self.bucketCounts = bucketCounts
            self.exemplars = exemplars
        }
    }

    /// The points, by the kind of metric.
    public enum Kind: Sendable, Equatable {
        /// A total that only rises.
        case counter([CounterPoint])
        /// Values as they are now.
        case gauge([CounterPoint])
        /// Values in buckets.
        case histogram([HistogramPoint])
    }

    /// The name, for instance `orchestrator_tasks_total`.
    public var name: String
    /// In UCUM, for instance `s` or `{task}`.
    public var unit: String
    /// One sentence for a person.
    public var description: String
    /// What is counted from, in nanoseconds since 1970.
    public var startTime: UInt64
    /// The points.
    public var kind: Kind

    /// Makes a metric.
    public init(name: String, unit: String = "", description: String = "", startTime: UInt64, kind: Kind) {
        self.name = name
        self.unit = unit
        self.description = description
        self.startTime = startTime
        self.kind = kind
    }
}
