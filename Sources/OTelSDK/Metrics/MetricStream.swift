import OTLPWire

/// What an instrument's measurements become: the view's wishes, or else the configuration's.
struct MetricStream: Sendable {
    /// As the metric is called.
    var descriptor: InstrumentDescriptor
    var temporality: MetricRecord.Temporality
    var keys = OTelView.Keys.all
    var limit: Int
    var isDropped = false
    /// What the view says about a histogram's buckets.
    var aggregation = OTelView.Aggregation.byKind

    init(_ descriptor: InstrumentDescriptor, _ configuration: OTelConfiguration) {
        self.descriptor = descriptor
        temporality = configuration.temporality.temporality(of: descriptor.kind)
        limit = configuration.cardinalityLimit
        guard let view = configuration.views.first(where: { $0.matches(descriptor) }) else { return }
        self.descriptor.name = view.name ?? descriptor.name
        self.descriptor.description = view.description ?? descriptor.description
        keys = view.keys
        aggregation = view.aggregation
        limit = view.cardinalityLimit ?? limit
        guard case .drop = view.aggregation else { return }
        isDropped = true
        // One series takes what nobody will read.
        limit = 1
    }

    /// The points as a metric; nil without points, since an empty metric says nothing.
    func record(_ points: MetricPoints) -> MetricRecord? {
        guard !points.isEmpty, !isDropped else { return nil }
        let kind = descriptor.kind
        let data: MetricRecord.Data =
            switch kind {
            case .counter, .upDownCounter, .observableCounter, .observableUpDownCounter:
                .sum(points: points.numbers, monotonic: kind.isMonotonic, temporality: temporality)
            case .gauge, .observableGauge: .gauge(points.numbers)
            case .histogram where points.histograms.isEmpty:
                .exponentialHistogram(points.exponentialHistograms, temporality: temporality)
            case .histogram: .histogram(points.histograms, temporality: temporality)
            }
        let (name, unit, description) = (descriptor.name, descriptor.unit, descriptor.description)
        return MetricRecord(name: name, unit: unit, description: description, data: data)
    }
}
