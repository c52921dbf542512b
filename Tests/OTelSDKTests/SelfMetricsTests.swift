import CoreMetrics
import GRPCTransport
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

@Suite("The SDK tells about itself in the metrics of the convention")
struct SelfMetricsTests {
    private static let names: Set<String> = [
        "otel.sdk.span.live", "otel.sdk.span.started", "otel.sdk.processor.span.queue.size",
        "otel.sdk.processor.span.queue.capacity", "otel.sdk.processor.span.processed",
        "otel.sdk.exporter.span.inflight",
        "otel.sdk.exporter.span.exported", "otel.sdk.log.created", "otel.sdk.processor.log.queue.size",
        "otel.sdk.processor.log.queue.capacity", "otel.sdk.processor.log.processed", "otel.sdk.exporter.log.inflight",
        "otel.sdk.exporter.log.exported", "otel.sdk.exporter.metric_data_point.inflight",
        "otel.sdk.exporter.metric_data_point.exported", "otel.sdk.metric_reader.collection.duration",
        "otel.sdk.exporter.operation.duration",
    ]

    @Test("There are 17, by their names")
    func all() {
        #expect(Set(SelfMetric.allCases.map(\.rawValue)) == Self.names && SelfMetric.allCases.count == 17)
    }

    private static func text(_ point: NumberPoint, _ key: String) -> String? {
        guard case .string(let text)? = point.attributes.first(where: { $0.key == key })?.value else { return nil }
        return text
    }

    private static func sum(_ metrics: [MetricRecord], _ name: String, _ attributes: [String: String?] = [:]) -> Int64?
    {
        guard let metric = metrics.last(where: { $0.name == name }), case .sum(let points, _, _) = metric.data else {
            return nil
        }
        let found = points.filter { point in attributes.allSatisfy { Self.text(point, $0.key) == $0.value } }
        guard !found.isEmpty else { return nil }
        return found.reduce(0) { total, point in
            guard case .int(let value) = point.value else { return total }
            return total + value
        }
    }

    @Test("Spans are told from their start to the collector's answer", .timeLimit(.minutes(1)))
    func spans() async throws {
        let answer = ExportResponse.encoded(PartialSuccess(rejected: 1, message: "one"))
        let collector = FakeCollector { _, path in
            path == TelemetrySignal.traces.exportPath ? GRPCResponse(status: .ok, message: answer) : .taken
        }
        let otel = OTel.stub(.stub(hasMetrics: true) { $0.selfObservability = true }, collector)
        otel.start()
        otel.makeSpans(3)
        let open = otel.tracer.startSpan("open", context: .topLevel)
        let child = otel.tracer.startSpan("child", context: open.context)
        await otel.flush()
        await otel.flush()
        let metrics = try collector.metrics
        let sampled = ["otel.span.sampling_result": "RECORD_AND_SAMPLE"]
        #expect(Self.sum(metrics, "otel.sdk.span.live", sampled) == 2)
        #expect(Self.sum(metrics, "otel.sdk.span.started", ["otel.span.parent.origin": "none"]) == 4)
        #expect(Self.sum(metrics, "otel.sdk.span.started", ["otel.span.parent.origin": "local"]) == 1)
        let processor = ["otel.component.name": "batching_span_processor/0"]
        #expect(Self.sum(metrics, "otel.sdk.processor.span.queue.size", processor) == 0)
        #expect(Self.sum(metrics, "otel.sdk.processor.span.queue.capacity", processor) == 2048)
        #expect(Self.sum(metrics, "otel.sdk.processor.span.processed", processor) == 3)
        let exporter: [String: String?] = [
            "otel.component.name": "otlp_grpc_span_exporter/0", "otel.component.type": "otlp_grpc_span_exporter",
            "server.address": "localhost",
        ]
        #expect(Self.sum(metrics, "otel.sdk.exporter.span.inflight", exporter) == 0)
        let succeeded = exporter.merging(["error.type": nil]) { $1 }
        #expect(Self.sum(metrics, "otel.sdk.exporter.span.exported", succeeded) == 2)
        let rejected = exporter.merging(["error.type": "rejected"]) { $1 }
        #expect(Self.sum(metrics, "otel.sdk.exporter.span.exported", rejected) == 1)
        #expect(metrics.contains { $0.name == "otel.sdk.metric_reader.collection.duration" && $0.unit == "s" })
        #expect(metrics.contains { $0.name == "otel.sdk.exporter.operation.duration" && $0.unit == "s" })
        child.end()
        open.end()
        await otel.shutdown()
    }

    @Test("Drops of the queue are failures of the processor", .timeLimit(.minutes(1)))
    func drops() async throws {
        let collector = FakeCollector()
        let configuration = OTelConfiguration.stub(hasMetrics: true) {
            $0.selfObservability = true
            $0.batch.maxQueueSize = 4
        }
        let otel = OTel.stub(configuration, collector)
        otel.makeSpans(10)
        await otel.shutdown()
        #expect(Self.sum(try collector.metrics, "otel.sdk.processor.span.processed", ["error.type": "queue_full"]) == 6)
    }

    @Test("Switched off, nothing is told", .timeLimit(.minutes(1)))
    func off() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(hasMetrics: true), collector)
        otel.metrics.makeCounter(label: "c", dimensions: []).increment(by: 1)
        otel.makeSpans(1)
        await otel.shutdown()
        #expect(try collector.metrics.map(\.name) == ["c"])
    }

    @Test("With delta temporality counters tell what came since, and sizes what is")
    func delta() throws {
        let statistics = ExporterStatistics(component: "otlp_grpc_metric_exporter", server: nil, isOn: true)
        let metrics = SelfMetrics(
            spans: nil,
            logs: nil,
            metricExporters: [statistics],
            temporality: .delta,
            startTime: 1
        )
        func deliver(_ count: Int) {
            var result = BatchDelivery.Result()
            result.delivered = count
            statistics.begin(count)
            statistics.end(result, of: count, after: .seconds(2))
        }
        deliver(5)
        statistics.begin(7)
        let first = metrics.records(at: 10)
        deliver(3)
        let second = metrics.records(at: 20)
        #expect(Self.sum(first, "otel.sdk.exporter.metric_data_point.exported") == 5)
        #expect(Self.sum(second, "otel.sdk.exporter.metric_data_point.exported") == 3)
        #expect(Self.sum(second, "otel.sdk.exporter.metric_data_point.inflight") == 7)
        let durations = try #require(second.first { $0.name == "otel.sdk.exporter.operation.duration" })
        guard case .histogram(let points, .delta) = durations.data else {
            Issue.record("\(durations.data)")
            return
        }
        #expect(points.map(\.count) == [1] && points.map(\.sum) == [2] && points.map(\.startTime) == [10])
        #expect(points.map(\.bucketCounts) == [[1]] && points[0].explicitBounds.isEmpty)
    }
}
