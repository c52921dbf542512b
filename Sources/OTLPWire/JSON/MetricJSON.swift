extension JSONWriter {
    mutating func metric(_ metric: MetricRecord) {
        object { json in
            json.string("name", metric.name)
            json.string("description", metric.description)
            json.string("unit", metric.unit)
            json.data(metric.data)
        }
    }

    private mutating func data(_ data: MetricRecord.Data) {
        switch data {
        case .sum(let points, let isMonotonic, let temporality):
            object("sum") { json in
                json.array("dataPoints", points) { json, point in json.number(point) }
                json.number("aggregationTemporality", temporality.rawValue)
                json.bool("isMonotonic", isMonotonic)
            }
        case .gauge(let points):
            object("gauge") { json in
                json.array("dataPoints", points) { json, point in json.number(point) }
            }
        case .histogram(let points, let temporality):
            object("histogram") { json in
                json.array("dataPoints", points) { json, point in json.histogram(point) }
                json.number("aggregationTemporality", temporality.rawValue)
            }
        case .exponentialHistogram(let points, let temporality):
            object("exponentialHistogram") { json in
                json.array("dataPoints", points) { json, point in json.exponentialHistogram(point) }
                json.number("aggregationTemporality", temporality.rawValue)
            }
        }
    }

    private mutating func number(_ point: NumberPoint) {
        object { json in
            json.attributes(point.attributes)
            json.wideNumber("startTimeUnixNano", point.startTime)
            json.wideNumber("timeUnixNano", point.time)
            switch point.value {
            case .int(let value): json.wideNumber("asInt", value, isKept: true)
            case .double(let value): json.double("asDouble", value)
            }
            json.exemplars(point.exemplars)
        }
    }

    private mutating func exemplars(_ exemplars: [Exemplar]) {
        array("exemplars", exemplars) { json, exemplar in
            json.object { json in
                json.attributes(exemplar.attributes, named: "filteredAttributes")
                json.wideNumber("timeUnixNano", exemplar.time)
                switch exemplar.value {
                case .int(let value): json.wideNumber("asInt", value, isKept: true)
                case .double(let value): json.double("asDouble", value)
                }
                json.string("spanId", exemplar.spanID?.hex ?? "")
                json.string("traceId", exemplar.traceID?.hex ?? "")
            }
        }
    }

    private mutating func histogram(_ point: HistogramPoint) {
        object { json in
            json.attributes(point.attributes)
            json.wideNumber("startTimeUnixNano", point.startTime)
            json.wideNumber("timeUnixNano", point.time)
            json.wideNumber("count", point.count)
            if let sum = point.sum { json.double("sum", sum) }
            json.array("bucketCounts", point.bucketCounts) { json, count in json.wideElement(count) }
            json.array("explicitBounds", point.explicitBounds) { json, bound in json.doubleElement(bound) }
            if let min = point.min { json.double("min", min) }
            if let max = point.max { json.double("max", max) }
            json.exemplars(point.exemplars)
        }
    }

    private mutating func exponentialHistogram(_ point: ExponentialHistogramPoint) {
        object { json in
            json.attributes(point.attributes)
            json.wideNumber("startTimeUnixNano", point.startTime)
            json.wideNumber("timeUnixNano", point.time)
            json.wideNumber("count", point.count)
            if let sum = point.sum { json.double("sum", sum) }
            json.number("scale", point.scale)
            json.wideNumber("zeroCount", point.zeroCount)
            json.buckets("positive", point.positive)
            json.buckets("negative", point.negative)
            if let min = point.min { json.double("min", min) }
            if let max = point.max { json.double("max", max) }
            if point.zeroThreshold != 0 { json.double("zeroThreshold", point.zeroThreshold) }
            json.exemplars(point.exemplars)
        }
    }

    private mutating func buckets(_ name: StaticString, _ buckets: ExponentialHistogramPoint.Buckets) {
        guard !buckets.counts.isEmpty else { return }
        object(name) { json in
            json.number("offset", buckets.offset)
            json.array("bucketCounts", buckets.counts) { json, count in json.wideElement(count) }
        }
    }
}
