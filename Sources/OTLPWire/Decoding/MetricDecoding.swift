extension MetricRecord {
    /// Nil for a metric with no data, or with a kind that has no value here (summary).
    static func decode(_ reader: ProtobufReader) throws(OTLPWireError) -> MetricRecord? {
        var reader = reader
        var name = ""
        var unit = ""
        var description = ""
        var data: Data?
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)): name = try reader.string(range)
            case (2, .bytes(let range)): description = try reader.string(range)
            case (3, .bytes(let range)): unit = try reader.string(range)
            case (5, .bytes(let range)): data = try .gauge(from: reader.submessage(range, "Gauge"))
            case (7, .bytes(let range)): data = try .sum(from: reader.submessage(range, "Sum"))
            case (9, .bytes(let range)): data = try .histogram(from: reader.submessage(range, "Histogram"))
            case (10, .bytes(let range)):
                data = try .exponentialHistogram(from: reader.submessage(range, "ExponentialHistogram"))
            case (11, .bytes): data = nil
            default: break
            }
        }
        return data.map { data in MetricRecord(name: name, unit: unit, description: description, data: data) }
    }
}

extension MetricRecord.Data {
    static func gauge(from reader: ProtobufReader) throws(OTLPWireError) -> Self {
        var reader = reader
        var points: [NumberPoint] = []
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            points.append(try NumberPoint(from: reader.submessage(range, "NumberDataPoint")))
        }
        return .gauge(points)
    }

    static func sum(from reader: ProtobufReader) throws(OTLPWireError) -> Self {
        var reader = reader
        var points: [NumberPoint] = []
        var monotonic = false
        var temporality = MetricRecord.Temporality.unspecified
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                points.append(try NumberPoint(from: reader.submessage(range, "NumberDataPoint")))
            case (2, .varint(let number)): temporality = .init(number)
            case (3, .varint(let number)): monotonic = number != 0
            default: break
            }
        }
        return .sum(points: points, monotonic: monotonic, temporality: temporality)
    }

    static func histogram(from reader: ProtobufReader) throws(OTLPWireError) -> Self {
        var reader = reader
        var points: [HistogramPoint] = []
        var temporality = MetricRecord.Temporality.unspecified
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                points.append(try HistogramPoint(from: reader.submessage(range, "HistogramDataPoint")))
            case (2, .varint(let number)): temporality = .init(number)
            default: break
            }
        }
        return .histogram(points, temporality: temporality)
    }

    static func exponentialHistogram(from reader: ProtobufReader) throws(OTLPWireError) -> Self {
        var reader = reader
        var points: [ExponentialHistogramPoint] = []
        var temporality = MetricRecord.Temporality.unspecified
        while let field = try reader.next() {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):
                let inner = try reader.submessage(range, "ExponentialHistogramDataPoint")
                points.append(try ExponentialHistogramPoint(from: inner))
            case (2, .varint(let number)): temporality = .init(number)
            default: break
            }
        }
        return .exponentialHistogram(points, temporality: temporality)
    }
}

extension MetricRecord.Temporality {
    /// A number of a newer version counts as unspecified.
    fileprivate init(_ number: UInt64) {
        self = UInt32(exactly: number).flatMap(Self.init) ?? .unspecified
    }
}
