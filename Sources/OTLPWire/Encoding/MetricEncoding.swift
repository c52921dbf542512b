import COTLP

extension MetricRecord {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireMetric> {
        let message = arena.message(opentelemetry__proto__metrics__v1__metric__init)
        message.pointee.name = arena.string(name, field: 1, of: message)
        message.pointee.description = arena.string(description, field: 2, of: message)
        message.pointee.unit = arena.string(unit, field: 3, of: message)
        switch data {
        case .sum(let points, let monotonic, let temporality):
            let sum = arena.message(opentelemetry__proto__metrics__v1__sum__init)
            sum.pointee.data_points = arena.list(points) { point, arena in point.wire(&arena) }
            sum.pointee.n_data_points = points.count
            sum.pointee.is_monotonic = monotonic ? 1 : 0
            sum.pointee.aggregation_temporality = WireTemporality(rawValue: temporality.rawValue)
            message.pointee.data_case = OPENTELEMETRY__PROTO__METRICS__V1__METRIC__DATA_SUM
            message.pointee.sum = sum
        case .gauge(let points):
            let gauge = arena.message(opentelemetry__proto__metrics__v1__gauge__init)
            gauge.pointee.data_points = arena.list(points) { point, arena in point.wire(&arena) }
            gauge.pointee.n_data_points = points.count
            message.pointee.data_case = OPENTELEMETRY__PROTO__METRICS__V1__METRIC__DATA_GAUGE
            message.pointee.gauge = gauge
        case .histogram(let points, let temporality):
            let histogram = arena.message(opentelemetry__proto__metrics__v1__histogram__init)
            histogram.pointee.data_points = arena.list(points) { point, arena in point.wire(&arena) }
            histogram.pointee.n_data_points = points.count
            histogram.pointee.aggregation_temporality = WireTemporality(rawValue: temporality.rawValue)
            message.pointee.data_case = OPENTELEMETRY__PROTO__METRICS__V1__METRIC__DATA_HISTOGRAM
            message.pointee.histogram = histogram
        case .exponentialHistogram(let points, let temporality):
            let histogram = arena.message(opentelemetry__proto__metrics__v1__exponential_histogram__init)
            histogram.pointee.data_points = arena.list(points) { point, arena in point.wire(&arena) }
            histogram.pointee.n_data_points = points.count
            histogram.pointee.aggregation_temporality = WireTemporality(rawValue: temporality.rawValue)
            message.pointee.data_case = OPENTELEMETRY__PROTO__METRICS__V1__METRIC__DATA_EXPONENTIAL_HISTOGRAM
            message.pointee.exponential_histogram = histogram
        }
        return message
    }
}
