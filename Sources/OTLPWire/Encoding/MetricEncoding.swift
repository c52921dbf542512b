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
        }
        return message
    }
}

extension NumberPoint {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireNumberPoint> {
        let message = arena.message(opentelemetry__proto__metrics__v1__number_data_point__init)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.start_time_unix_nano = startTime
        message.pointee.time_unix_nano = time
        switch value {
        case .int(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__METRICS__V1__NUMBER_DATA_POINT__VALUE_AS_INT
            message.pointee.as_int = number
        case .double(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__METRICS__V1__NUMBER_DATA_POINT__VALUE_AS_DOUBLE
            message.pointee.as_double = number
        }
        return message
    }
}

extension HistogramPoint {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireHistogramPoint> {
        let message = arena.message(opentelemetry__proto__metrics__v1__histogram_data_point__init)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.start_time_unix_nano = startTime
        message.pointee.time_unix_nano = time
        message.pointee.count = count
        if let sum {
            message.pointee._sum_case = OPENTELEMETRY__PROTO__METRICS__V1__HISTOGRAM_DATA_POINT___SUM_SUM
            message.pointee.sum = sum
        }
        if let min {
            message.pointee._min_case = OPENTELEMETRY__PROTO__METRICS__V1__HISTOGRAM_DATA_POINT___MIN_MIN
            message.pointee.min = min
        }
        if let max {
            message.pointee._max_case = OPENTELEMETRY__PROTO__METRICS__V1__HISTOGRAM_DATA_POINT___MAX_MAX
            message.pointee.max = max
        }
        message.pointee.bucket_counts = arena.numbers(bucketCounts)
        message.pointee.n_bucket_counts = bucketCounts.count
        message.pointee.explicit_bounds = arena.numbers(explicitBounds)
        message.pointee.n_explicit_bounds = explicitBounds.count
        return message
    }
}
