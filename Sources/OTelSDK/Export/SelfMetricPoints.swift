import OTLPWire

/// What the SDK tells about itself; names, units and kinds are the semantic conventions' (otel/sdk-metrics.md).
enum SelfMetric: String, Sendable, CaseIterable {
    case liveSpans = "otel.sdk.span.live"
    case spansStarted = "otel.sdk.span.started"
    case spanQueueSize = "otel.sdk.processor.span.queue.size"
    case spanQueueCapacity = "otel.sdk.processor.span.queue.capacity"
    case spansProcessed = "otel.sdk.processor.span.processed"
    case spansInflight = "otel.sdk.exporter.span.inflight"
    case spansExported = "otel.sdk.exporter.span.exported"
    case logsCreated = "otel.sdk.log.created"
    case logQueueSize = "otel.sdk.processor.log.queue.size"
    case logQueueCapacity = "otel.sdk.processor.log.queue.capacity"
    case logsProcessed = "otel.sdk.processor.log.processed"
    case logsInflight = "otel.sdk.exporter.log.inflight"
    case logsExported = "otel.sdk.exporter.log.exported"
    case pointsInflight = "otel.sdk.exporter.metric_data_point.inflight"
    case pointsExported = "otel.sdk.exporter.metric_data_point.exported"
    case collectionDuration = "otel.sdk.metric_reader.collection.duration"
    case exportDuration = "otel.sdk.exporter.operation.duration"

    /// Counters only rise; the others, up-down counters, stay cumulative whatever temporality is preferred.
    var isMonotonic: Bool {
        switch self {
        case .spansStarted, .spansProcessed, .spansExported, .logsCreated, .logsProcessed, .logsExported,
            .pointsExported:
            true
        default: false
        }
    }

    var unit: String {
        switch self {
        case .collectionDuration, .exportDuration: "s"
        case .pointsInflight, .pointsExported: "{data_point}"
        case .logsCreated, .logQueueSize, .logQueueCapacity, .logsProcessed, .logsInflight, .logsExported:
            "{log_record}"
        default: "{span}"
        }
    }

    var description: String {
        switch self {
        case .liveSpans: "Recording spans that have not ended."
        case .spansStarted: "Spans that were started, also those that record nothing."
        case .spanQueueSize: "Ended spans that wait for export."
        case .spanQueueCapacity: "How many ended spans may wait."
        case .spansProcessed: "Spans that were handed to the exporter, or dropped before."
        case .spansInflight: "Spans that are being exported."
        case .spansExported: "Spans whose export has ended, well or not."
        case .logsCreated: "Log records that were made."
        case .logQueueSize: "Log records that wait for export."
        case .logQueueCapacity: "How many log records may wait."
        case .logsProcessed: "Log records that were handed to the exporter, or dropped before."
        case .logsInflight: "Log records that are being exported."
        case .logsExported: "Log records whose export has ended, well or not."
        case .pointsInflight: "Data points that are being exported."
        case .pointsExported: "Data points whose export has ended, well or not."
        case .collectionDuration: "How long collections of metrics took."
        case .exportDuration: "How long exports took, retries and waits included."
        }
    }
}

/// The points of one collection, metric by metric.
struct SelfMetricPoints {
    typealias Attributes = [(String, String)]

    /// What a series stood at, for the next difference.
    struct Key: Hashable, Sendable {
        var metric: SelfMetric
        var attributes: [Attribute]
    }

    typealias Totals = [Key: ExporterStatistics.Durations]

    private let startTime: UInt64
    private let time: UInt64

    /// When the last collection was and what it said; nil where points are cumulative.
    private let before: (time: UInt64, totals: Totals)?
    private(set) var totals: Totals = [:]
    /// Lists, not dictionaries: they are short, and a process that collects once pays more for a new key type.
    private var numbers: [(metric: SelfMetric, point: NumberPoint)] = []
    private var histograms: [(metric: SelfMetric, point: HistogramPoint)] = []
    private var instances: [String: Int] = [:]

    init(startTime: UInt64, time: UInt64, before: (time: UInt64, totals: Totals)?) {
        self.startTime = startTime
        self.time = time
        self.before = before
    }

    /// The attributes of a component; the number within its type is that of its place in the configuration.
    mutating func component(_ type: String) -> Attributes {
        let number = instances[type, default: 0]
        instances[type] = number + 1
        return [("otel.component.name", "\(type)/\(number)"), ("otel.component.type", type)]
    }

    mutating func component(_ exporter: ExporterStatistics) -> Attributes {
        var attributes = component(exporter.component)
        if let (address, port) = exporter.server {
            attributes.append(("server.address", address))
            if port > 0 { attributes.append(("server.port", "\(port)")) }
        }
        return attributes
    }

    mutating func add(_ metric: SelfMetric, _ value: Int, _ attributes: Attributes) {
        let attributes = Self.attributes(attributes)
        var point = NumberPoint(attributes: attributes, startTime: startTime, time: time, value: .int(Int64(value)))
        if metric.isMonotonic, let before {
            let key = Key(metric: metric, attributes: attributes)
            totals[key] = ExporterStatistics.Durations(count: UInt64(clamping: value))
            point.startTime = before.time
            point.value = .int(Int64(value) - Int64(clamping: before.totals[key]?.count ?? 0))
        }
        numbers.append((metric, point))
    }

    /// One bucket, as the convention advises: count, sum, least and greatest say enough.
    mutating func add(_ metric: SelfMetric, _ total: ExporterStatistics.Durations, _ attributes: Attributes) {
        let attributes = Self.attributes(attributes)
        var last = ExporterStatistics.Durations()
        if let before {
            let key = Key(metric: metric, attributes: attributes)
            last = before.totals[key] ?? last
            totals[key] = total
        }
        guard total.count > last.count else { return }
        // The least and the greatest of all are not those since the last time.
        let isFirst = last.count == 0
        let point = HistogramPoint(
            attributes: attributes,
            startTime: before?.time ?? startTime,
            time: time,
            count: total.count - last.count,
            sum: total.sum - last.sum,
            min: isFirst ? total.min : nil,
            max: isFirst ? total.max : nil,
            bucketCounts: [total.count - last.count]
        )
        histograms.append((metric, point))
    }

    private static func attributes(_ pairs: Attributes) -> [Attribute] {
        pairs.map { key, value in
            Attribute(key: key, value: key == "server.port" ? .int(Int64(value) ?? 0) : .string(value))
        }
        .sorted { $0.key < $1.key }
    }

    /// In the order of the convention.
    var records: [MetricRecord] {
        let isDelta = before != nil
        return SelfMetric.allCases.compactMap { metric in
            let temporality: MetricRecord.Temporality = isDelta && metric.isMonotonic ? .delta : .cumulative
            let numbers = numbers.filter { $0.metric == metric }.map(\.point)
            let histograms = histograms.filter { $0.metric == metric }.map(\.point)
            let data: MetricRecord.Data? =
                if !numbers.isEmpty {
                    .sum(points: numbers, monotonic: metric.isMonotonic, temporality: temporality)
                } else if !histograms.isEmpty {
                    .histogram(histograms, temporality: isDelta ? .delta : .cumulative)
                } else {
                    nil
                }
            return data.map {
                MetricRecord(name: metric.rawValue, unit: metric.unit, description: metric.description, data: $0)
            }
        }
    }
}
