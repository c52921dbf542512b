import CoreMetrics
import GRPCTransport
import OTLPWire
import Synchronization
import Testing

@testable import OTelSDK

@Suite("Metrics are cumulative and complete")
struct MetricsTests {
    /// A producer from a closure.
    struct Producer: MetricProducer {
        var body: @Sendable () throws -> [ProducedMetric]

        func produce() throws -> [ProducedMetric] { try body() }
    }

    private static let tasks = ProducedMetric(
        name: "orchestrator_tasks_total",
        unit: "{task}",
        description: "Tasks.",
        startTime: 5,
        kind: .counter([.init(attributes: ["status": "completed"], value: .int(3))])
    )

    private func collect(_ change: (OTel) -> Void) async throws -> [MetricRecord] {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(hasMetrics: true), collector)
        change(otel)
        let report = await otel.shutdown()
        #expect(report.metricRequestsFailed == 0 && report.undelivered == nil)
        return try collector.metrics
    }

    @Test("Counters of both kinds become monotonic sums with their dimensions as attributes")
    func counters() async throws {
        let metrics = try await collect { otel in
            let counter = Counter(label: "hits", dimensions: [("b", "2"), ("a", "1")], factory: otel.metrics)
            counter.increment(by: 2)
            Counter(label: "hits", dimensions: [("a", "1"), ("b", "2")], factory: otel.metrics).increment()
            otel.metrics.makeFloatingPointCounter(label: "cost", dimensions: []).increment(by: 0.5)
            otel.metrics.makeCounter(label: "hits", dimensions: [("a", "1"), ("b", "2")]).increment(by: -5)
        }
        try #require(metrics.map(\.name) == ["hits", "cost"])
        guard case .sum(let hits, true, .cumulative) = metrics[0].data,
            case .sum(let cost, true, .cumulative) = metrics[1].data
        else {
            Issue.record("not sums: \(metrics)")
            return
        }
        #expect(hits.count == 1 && hits[0].value == .int(3))
        #expect(
            Set(hits[0].attributes) == [
                Attribute(key: "a", value: .string("1")), Attribute(key: "b", value: .string("2")),
            ]
        )
        #expect(hits[0].time > 0 && hits[0].startTime > 0)
        #expect(cost[0].value == .double(0.5))
    }

    @Test("Gauges keep the last value, histograms count into buckets, timers are in seconds")
    func otherKinds() async throws {
        let metrics = try await collect { otel in
            Gauge(label: "g", factory: otel.metrics).record(1)
            Gauge(label: "g", factory: otel.metrics).record(2.5)
            _ = Gauge(label: "unset", factory: otel.metrics)
            let recorder = Recorder(label: "h", factory: otel.metrics)
            for value in [5.0, 5.1, 20_000, .nan, .infinity] { recorder.record(value) }
            CoreMetrics.Timer(label: "t", factory: otel.metrics).recordMilliseconds(250)
            Meter(label: "m", factory: otel.metrics).increment(by: 4)
        }
        try #require(metrics.map(\.name) == ["g", "h", "t", "m"])
        guard case .gauge(let gauge) = metrics[0].data, case .histogram(let histogram, .cumulative) = metrics[1].data,
            case .histogram(let timer, .cumulative) = metrics[2].data
        else {
            Issue.record("wrong kinds: \(metrics)")
            return
        }
        #expect(gauge.map(\.value) == [.double(2.5)])
        #expect(histogram[0].count == 3 && histogram[0].sum == 20_010.1)
        #expect(histogram[0].min == 5 && histogram[0].max == 20_000)
        // A bound belongs to the bucket below it: 5 is in the second, 5.1 in the third, 20000 in the last.
        #expect(histogram[0].bucketCounts == [0, 1, 1] + Array(repeating: 0, count: 12) + [1])
        #expect(histogram[0].explicitBounds == HistogramBounds.standard)
        #expect(metrics[2].unit == "s" && timer[0].sum == 0.25)
        #expect(timer[0].bucketCounts.count == HistogramBounds.seconds.count + 1)
    }

    @Test("Beyond the cardinality limit all goes into one series, and nothing is lost")
    func cardinality() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(hasMetrics: true) { $0.cardinalityLimit = 10 }, collector)
        for number in 0..<100 {
            otel.metrics.makeCounter(label: "c", dimensions: [("n", "\(number)")]).increment(by: 1)
        }
        await otel.shutdown()
        guard case .sum(let points, _, _) = try #require(try collector.metrics.first).data else {
            Issue.record("not a sum")
            return
        }
        #expect(points.count == 10)
        let overflow = points.filter { $0.attributes == [Attribute(key: "otel.metric.overflow", value: .bool(true))] }
        #expect(overflow.map(\.value) == [.int(91)])
        #expect(points.count { $0.value == .int(1) } == 9)
    }

    @Test("Nothing to say sends nothing")
    func empty() async {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(hasMetrics: true), collector)
        otel.start()
        await otel.shutdown()
        #expect(collector.requestCount == 0)
    }

    @Test("A destroyed series is forgotten, and starts anew from zero")
    func destroy() async throws {
        let metrics = try await collect { otel in
            let counter = Counter(label: "c", factory: otel.metrics)
            counter.increment(by: 5)
            counter.destroy()
            Counter(label: "c", factory: otel.metrics).increment()
        }
        guard case .sum(let points, _, _)? = metrics.first?.data else {
            Issue.record("not a sum")
            return
        }
        #expect(points.map(\.value) == [.int(1)])
    }

    @Test("A producer's totals arrive at start and at shutdown, under the lock")
    func producer() async throws {
        let directory = TemporaryDirectory()
        let lockFile = directory.path + "/collection.lock"
        let isLocked = Mutex<[Bool]>([])
        let time = TimeSource.real()
        let collector = FakeCollector { _, _ in
            let attempt = await CollectionLock.acquire(lockFile, atMost: .zero, time)
            if case .busy = attempt {
                isLocked.withLock { $0.append(true) }
            } else {
                isLocked.withLock { $0.append(false) }
            }
            return .taken
        }
        let otel = OTel.stub(.stub(hasMetrics: true) { $0.collectionLockFile = lockFile }, collector)
        otel.register(Producer { [Self.tasks] })
        let report = await otel.shutdown()
        #expect(report.metricRequestsDelivered == 1)
        let metric = try #require(try collector.metrics.first)
        #expect(metric.name == "orchestrator_tasks_total" && metric.unit == "{task}")
        guard case .sum(let points, true, .cumulative) = metric.data else {
            Issue.record("not a sum")
            return
        }
        #expect(points.map(\.value) == [.int(3)] && points[0].startTime == 5)
        #expect(isLocked.withLock { $0 } == [true])
        guard case .acquired = await CollectionLock.acquire(lockFile, atMost: .zero, time) else {
            Issue.record("the lock was kept")
            return
        }
    }

    @Test("What a producer has comes as counters, gauges and histograms, with the traces that stand for buckets")
    func producedKinds() async throws {
        let trace = String(repeating: "0a", count: 16)
        let histogram = ProducedMetric.HistogramPoint(
            count: 2,
            sum: 3.5,
            bounds: [1],
            bucketCounts: [1, 1],
            exemplars: [
                .init(value: 3, time: 9, traceID: trace, spanID: "00000000000000ff"),
                .init(value: 0.5, time: 8, traceID: trace), .init(value: 1, time: 7, traceID: "no trace"),
            ]
        )
        let metrics = try await collect { otel in
            otel.register(
                Producer {
                    [
                        .init(name: "g", startTime: 5, kind: .gauge([.init(value: .double(0.5))])),
                        .init(name: "none", startTime: 5, kind: .gauge([])),
                        .init(name: "h", startTime: 5, kind: .histogram([histogram])),
                    ]
                }
            )
        }
        try #require(metrics.map(\.name) == ["g", "h"])
        guard case .gauge(let values) = metrics[0].data, case .histogram(let points, .cumulative) = metrics[1].data
        else {
            Issue.record("other kinds: \(metrics)")
            return
        }
        #expect(values.map(\.value) == [.double(0.5)])
        #expect(points[0].exemplars.map(\.value) == [.double(3), .double(0.5)], "what names no trace is left out")
        #expect(points[0].exemplars.map { $0.traceID?.hex } == [trace, trace])
        #expect(points[0].exemplars.map { $0.spanID?.hex } == ["00000000000000ff", nil])
    }

    @Test("While another process holds the lock, totals wait within the bound and are then left out and said")
    func lockIsHeld() async throws {
        let directory = TemporaryDirectory()
        let lockFile = directory.path + "/collection.lock"
        guard case .acquired(let held) = await CollectionLock.acquire(lockFile, atMost: .zero, .real()) else {
            Issue.record("cannot lock")
            return
        }
        let collector = FakeCollector()
        let log = DiagnosticLog()
        let configuration = OTelConfiguration.stub(hasMetrics: true, log: log) {
            $0.collectionLockFile = lockFile
            $0.collectionLockTimeout = .milliseconds(20)
        }
        let otel = OTel.stub(configuration, collector)
        otel.register(Producer { [Self.tasks] })
        otel.metrics.makeCounter(label: "own", dimensions: []).increment(by: 1)
        await otel.shutdown()
        withExtendedLifetime(held) {}
        #expect(try collector.metrics.map(\.name) == ["own"])
        #expect(log.has(.metrics))
    }

    @Test("A producer that throws costs its own metrics alone")
    func producerThrows() async throws {
        struct Broken: Error {}
        let log = DiagnosticLog()
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(hasMetrics: true, log: log), collector)
        otel.register(Producer { throw Broken() })
        otel.register(Producer { [Self.tasks] })
        await otel.shutdown()
        #expect(try collector.metrics.map(\.name) == ["orchestrator_tasks_total"])
        #expect(log.has(.metrics))
    }

    @Test("Metrics are never spooled")
    func neverSpooled() async {
        let directory = TemporaryDirectory()
        let otel = OTel.stub(.stub(spool: directory.spool, hasMetrics: true), FakeCollector(.unavailable))
        otel.register(Producer { [Self.tasks] })
        let report = await otel.shutdown()
        #expect(directory.spoolFiles.isEmpty)
        #expect(report.metricRequestsFailed == 1 && report.undelivered != nil)
    }
}
