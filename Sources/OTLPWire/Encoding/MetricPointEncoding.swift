import COTLP

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
        message.pointee.exemplars = arena.list(exemplars) { exemplar, arena in exemplar.wire(&arena) }
        message.pointee.n_exemplars = exemplars.count
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
        message.pointee.exemplars = arena.list(exemplars) { exemplar, arena in exemplar.wire(&arena) }
        message.pointee.n_exemplars = exemplars.count
        return message
    }
}

extension ExponentialHistogramPoint {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireExponentialPoint> {
        let message = arena.message(opentelemetry__proto__metrics__v1__exponential_histogram_data_point__init)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.start_time_unix_nano = startTime
        message.pointee.time_unix_nano = time
        message.pointee.count = count
        if let sum {
            message.pointee._sum_case = OPENTELEMETRY__PROTO__METRICS__V1__EXPONENTIAL_HISTOGRAM_DATA_POINT___SUM_SUM
            message.pointee.sum = sum
        }
        if let min {
            message.pointee._min_case = OPENTELEMETRY__PROTO__METRICS__V1__EXPONENTIAL_HISTOGRAM_DATA_POINT___MIN_MIN
            message.pointee.min = min
        }
        if let max {
            message.pointee._max_case = OPENTELEMETRY__PROTO__METRICS__V1__EXPONENTIAL_HISTOGRAM_DATA_POINT___MAX_MAX
            message.pointee.max = max
        }
        message.pointee.scale = scale
        message.pointee.zero_count = zeroCount
        message.pointee.zero_threshold = zeroThreshold
        message.pointee.positive = positive.wire(&arena)
        message.pointee.negative = negative.wire(&arena)
        message.pointee.exemplars = arena.list(exemplars) { exemplar, arena in exemplar.wire(&arena) }
        message.pointee.n_exemplars = exemplars.count
        return message
    }
}

extension ExponentialHistogramPoint.Buckets {
    /// Nil if there are none.
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireBuckets>? {
        guard !counts.isEmpty else { return nil }
        let message = arena.message(opentelemetry__proto__metrics__v1__exponential_histogram_data_point__buckets__init)
        message.pointee.offset = offset
        message.pointee.bucket_counts = arena.numbers(counts)
        message.pointee.n_bucket_counts = counts.count
        return message
    }
}

extension Exemplar {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireExemplar> {
        let message = arena.message(opentelemetry__proto__metrics__v1__exemplar__init)
        message.pointee.filtered_attributes = arena.attributes(attributes)
        message.pointee.n_filtered_attributes = attributes.count
        message.pointee.time_unix_nano = time
        switch value {
        case .int(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_INT
            message.pointee.as_int = number
        case .double(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_DOUBLE
            message.pointee.as_double = number
        }
        if let traceID { message.pointee.trace_id = traceID.wire(&arena) }
        if let spanID { message.pointee.span_id = spanID.wire(&arena) }
        return message
    }
}
