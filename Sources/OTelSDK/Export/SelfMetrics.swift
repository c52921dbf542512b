import OTLPWire
import Synchronization

/// The 17 otel.sdk.* metrics: what the SDK does, told in its own metrics (semantic conventions, otel/sdk-metrics.md).
///
/// Nothing is recorded twice: what the pipelines count anyhow is read at a collection, and only starts of spans are counted
/// here. The exporter of metrics counts points, not requests, once for each collection, so telling about it ends by itself.
final class SelfMetrics: Sendable {
    /// Where a started span's parent is.
    enum ParentOrigin: Int, CaseIterable, Sendable {
        case none, local, remote

        /// The convention's word; not the case printed, as the first reflection in a process costs half a millisecond.
        var name: String {
            switch self {
            case .none: "none"
            case .local: "local"
            case .remote: "remote"
            }
        }
    }

    /// What a collection reads of spans or log records.
    struct Source: Sendable {
        /// `batching_span_processor` or `batching_log_processor`.
        let processor: String
        let counts: @Sendable () -> ProcessorCounts
        let exporters: [ExporterStatistics]
    }

    /// How a batch processor stands.
    struct ProcessorCounts: Sendable {
        var created = 0
        var droppedFull = 0
        var droppedClosed = 0
        var queued = 0
        var capacity = 0

        /// What was handed to the exporters.
        var processed: Int { created - droppedFull - droppedClosed - queued }
    }

    let spans: Source?
    let logs: Source?
    let metricExporters: [ExporterStatistics]
    private let startTime: UInt64
    private let isDelta: Bool
    private let started: [AtomicCounter]
    private let collections = Mutex((whole: ExporterStatistics.Durations(), partial: ExporterStatistics.Durations()))

    /// When the last collection was and what it said, for delta temporality.
    private let last: Mutex<(time: UInt64, totals: SelfMetricPoints.Totals)>

    init(
        spans: Source?,
        logs: Source?,
        metricExporters: [ExporterStatistics],
        temporality: TemporalityPreference,
        startTime: UInt64
    ) {
        self.spans = spans
        self.logs = logs
        self.metricExporters = metricExporters
        self.startTime = startTime
        isDelta = temporality != .cumulative
        last = Mutex((startTime, [:]))
        started = (0..<ParentOrigin.allCases.count * 2).map { _ in AtomicCounter() }
    }

    /// Counts a span, also one that records nothing.
    func spanStarted(_ origin: ParentOrigin, isSampled: Bool) {
        started[origin.rawValue * 2 + (isSampled ? 1 : 0)].add()
    }

    /// Counts a collection of the periodic reader.
    func collected(in duration: Duration, isWhole: Bool) {
        collections.withLock { collections in
            if isWhole { collections.whole.add(duration) } else { collections.partial.add(duration) }
        }
    }

    /// All metrics that have something to say, under the SDK's own scope.
    func scopes(at time: UInt64) -> [ScopedMetrics] {
        let scope = InstrumentationScope(name: SDKVersion.name, version: SDKVersion.version)
        return [ScopedMetrics(scope: scope, metrics: records(at: time))]
    }

    func records(at time: UInt64) -> [MetricRecord] {
        last.withLock { last in
            var points = SelfMetricPoints(startTime: startTime, time: time, before: isDelta ? last : nil)
            if let spans { addSpans(spans, to: &points) }
            if let logs { addLogs(logs, to: &points) }
            addMetrics(to: &points)
            addDurations(to: &points)
            last = (time, points.totals)
            return points.records
        }
    }

    private func addSpans(_ source: Source, to points: inout SelfMetricPoints) {
        let counts = source.counts()
        var sampled = 0
        for origin in ParentOrigin.allCases {
            for isSampled in [false, true] {
                let count = started[origin.rawValue * 2 + (isSampled ? 1 : 0)].value
                if isSampled { sampled += count }
                guard count > 0 else { continue }
                points.add(
                    .spansStarted,
                    count,
                    [
                        ("otel.span.parent.origin", origin.name),
                        ("otel.span.sampling_result", isSampled ? "RECORD_AND_SAMPLE" : "DROP"),
                    ]
                )
            }
        }
        let live = max(0, sampled - counts.created)
        points.add(.liveSpans, live, [("otel.span.sampling_result", "RECORD_AND_SAMPLE")])
        addProcessor(source, counts, to: &points, .spanQueueSize, .spanQueueCapacity, .spansProcessed)
        for exporter in source.exporters { addExporter(exporter, to: &points, .spansInflight, .spansExported) }
    }

    private func addLogs(_ source: Source, to points: inout SelfMetricPoints) {
        let counts = source.counts()
        points.add(.logsCreated, counts.created, [])
        addProcessor(source, counts, to: &points, .logQueueSize, .logQueueCapacity, .logsProcessed)
        for exporter in source.exporters { addExporter(exporter, to: &points, .logsInflight, .logsExported) }
    }

    private func addMetrics(to points: inout SelfMetricPoints) {
        for exporter in metricExporters { addExporter(exporter, to: &points, .pointsInflight, .pointsExported) }
    }

    private func addProcessor(
        _ source: Source,
        _ counts: ProcessorCounts,
        to points: inout SelfMetricPoints,
        _ size: SelfMetric,
        _ capacity: SelfMetric,
        _ processed: SelfMetric
    ) {
        let component = points.component(source.processor)
        points.add(size, counts.queued, component)
        points.add(capacity, counts.capacity, component)
        points.add(processed, counts.processed, component)
        if counts.droppedFull > 0 {
            points.add(processed, counts.droppedFull, component + [("error.type", "queue_full")])
        }
        if counts.droppedClosed > 0 {
            points.add(processed, counts.droppedClosed, component + [("error.type", "already_shutdown")])
        }
    }

    private func addExporter(
        _ exporter: ExporterStatistics,
        to points: inout SelfMetricPoints,
        _ inflight: SelfMetric,
        _ exported: SelfMetric
    ) {
        let values = exporter.current
        let component = points.component(exporter)
        points.add(inflight, values.inflight, component)
        for (errorType, count) in values.exported {
            points.add(exported, count, component + (errorType.map { [("error.type", $0)] } ?? []))
        }
        for (ending, durations) in values.operations {
            var attributes = component
            if let errorType = ending.errorType { attributes.append(("error.type", errorType)) }
            if let status = ending.status { attributes.append(("rpc.status_code", status)) }
            points.add(.exportDuration, durations, attributes)
        }
    }

    private func addDurations(to points: inout SelfMetricPoints) {
        let component = points.component("periodic_metric_reader")
        let collections = collections.withLock { $0 }
        points.add(.collectionDuration, collections.whole, component)
        points.add(.collectionDuration, collections.partial, component + [("error.type", "_OTHER")])
    }
}

/// A count that many threads raise.
final class AtomicCounter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() { count.add(1, ordering: .relaxed) }
}

extension SelfMetrics.Source {
    init(_ processor: String, _ queue: RecordQueue, _ settings: BatchSettings, _ exporters: SignalExporters) {
        self.processor = processor
        self.exporters = exporters.all.map(\.statistics)
        counts = {
            let counts = queue.counts
            return SelfMetrics.ProcessorCounts(
                created: counts.ended,
                droppedFull: counts.droppedFull,
                droppedClosed: counts.droppedClosed,
                queued: counts.queued,
                capacity: settings.maxQueueSize
            )
        }
    }
}
