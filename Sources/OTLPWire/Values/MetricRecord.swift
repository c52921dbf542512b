/// One metric at one collection: a name and its points (OTLP's `Metric`, metrics.proto).
package struct MetricRecord: Sendable, Hashable {
    package var name: String
    /// In UCUM, for example `s`, `By` or `{task}`.
    package var unit: String
    package var description: String
    package var data: Data

    package init(name: String, unit: String = "", description: String = "", data: Data) {
        self.name = name
        self.unit = unit
        self.description = description
        self.data = data
    }
}

extension MetricRecord {
    /// The points, by the kind of metric.
    ///
    /// Summaries exist on the wire only.
    package enum Data: Sendable, Hashable {
        case sum(points: [NumberPoint], monotonic: Bool, temporality: Temporality)
        case gauge([NumberPoint])
        case histogram([HistogramPoint], temporality: Temporality)
        case exponentialHistogram([ExponentialHistogramPoint], temporality: Temporality)

        package var pointCount: Int {
            switch self {
            case .sum(let points, _, _), .gauge(let points): points.count
            case .histogram(let points, _): points.count
            case .exponentialHistogram(let points, _): points.count
            }
        }
    }

    /// What a point's value counts from; raw values are OTLP's.
    package enum Temporality: UInt32, Sendable, Hashable {
        /// Only ever received; receivers drop such a metric while they answer OK.
        case unspecified = 0
        /// Since the last collection.
        case delta = 1
        /// Since the point's start time.
        case cumulative = 2
    }
}
