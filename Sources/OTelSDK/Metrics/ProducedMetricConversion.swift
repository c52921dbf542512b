import OTLPWire

extension ProducedMetric {
    /// The metric in OTLP's form; nil without points, since an empty metric says nothing.
    func record(at time: UInt64) -> MetricRecord? {
        let data: MetricRecord.Data
        switch kind {
        case .counter(let points):
            guard !points.isEmpty else { return nil }
            data = .sum(points: points.map { convert($0, at: time) }, monotonic: true, temporality: .cumulative)
        case .gauge(let points):
            guard !points.isEmpty else { return nil }
            data = .gauge(points.map { convert($0, at: time) })
        case .histogram(let points):
            guard !points.isEmpty else { return nil }
            data = .histogram(points.map { convert($0, at: time) }, temporality: .cumulative)
        }
        return MetricRecord(name: name, unit: unit, description: description, data: data)
    }

    private func convert(_ point: CounterPoint, at time: UInt64) -> NumberPoint {
        let value: NumberPoint.Value =
            switch point.value {
            case .int(let value): .int(value)
            case .double(let value): .double(value)
            }
        return NumberPoint(
            attributes: Self.wire(point.attributes),
            startTime: startTime,
            time: time,
            value: value
        )
    }

    private func convert(_ point: HistogramPoint, at time: UInt64) -> OTLPWire.HistogramPoint {
        OTLPWire.HistogramPoint(
            attributes: Self.wire(point.attributes),
            startTime: startTime,
            time: time,
            count: point.count,
            sum: point.sum,
            min: point.min,
            max: point.max,
            bucketCounts: point.bucketCounts,
            explicitBounds: point.bounds,
            exemplars: point.exemplars.compactMap(Self.wire)
        )
    }

    private static func wire(_ exemplar: Exemplar) -> OTLPWire.Exemplar? {
        guard let trace = TraceID(hex: exemplar.traceID) else { return nil }
        return OTLPWire.Exemplar(
            time: exemplar.time,
            value: .double(exemplar.value),
            traceID: trace,
            spanID: exemplar.spanID.flatMap { SpanID(hex: $0) }
        )
    }

    private static func wire(_ attributes: [String: String]) -> [Attribute] {
        attributes.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: .string($0.value)) }
    }
}
