import CoreMetrics
import Testing
import Tracing

@testable import OTelSDK

/// Serialised, since each starts a Python of its own.
@Suite("A receiver that is not ours gets what was meant", .serialized)
struct ReceiverTests {
    private func configuration(_ receiver: GRPCIOReceiver, spool: String? = nil) -> OTelConfiguration {
        .stub(spool: spool, hasMetrics: true) { $0.endpoint = "http://127.0.0.1:\(receiver.port)" }
    }

    @Test(
        "Traces, counters and produced totals arrive, without a field that the official definition lacks",
        .timeLimit(.minutes(1))
    )
    func arrives() async throws {
        let receiver = try GRPCIOReceiver()
        let otel = OTel(configuration: configuration(receiver))
        let total = ProducedMetric(
            name: "orchestrator_tasks_total",
            unit: "{task}",
            startTime: 7,
            kind: .counter([.init(attributes: ["status": "failed"], value: .int(2))])
        )
        otel.register(MetricsTests.Producer { [total] })
        otel.metrics.makeCounter(label: "own\u{0}counter", dimensions: [("k", "v")]).increment(by: 5)
        otel.start()
        var traceID = ""
        otel.tracer.withSpan("orchestrator.task\u{0}", context: .topLevel, ofKind: .client) { span in
            traceID = span.traceID
            span.attributes["task.id"] = "1.1"
            span.attributes["empty"] = ""
            span.attributes["nul"] = "a\u{0}b"
            span.attributes["tokens"] = 3200
            span.attributes["cost"] = 0.02
        }
        let report = await otel.shutdown()
        #expect(report.delivered == 1 && report.isBalanced && report.metricRequestsFailed == 0)

        let lines = try receiver.lines()
        #expect(lines.allSatisfy { $0.reply == "ok" && $0.unknownFields != true })
        let traces = try #require(lines.first { $0.signal == "traces" }?.request)["resourceSpans"][0]
        #expect(traces["resource"]["attributes"].attribute("service.name")["stringValue"] == .string("stub"))
        let span = traces["scopeSpans"][0]["spans"][0]
        #expect(span["name"] == .string("orchestrator.task\u{0}"))
        #expect(span["traceId"] == .string(traceID))
        #expect(span["kind"] == .number(3) || span["kind"] == .string("SPAN_KIND_CLIENT"))
        #expect(span["attributes"].attribute("task.id")["stringValue"] == .string("1.1"))
        #expect(span["attributes"].attribute("empty")["stringValue"] == .string(""))
        #expect(span["attributes"].attribute("nul")["stringValue"] == .string("a\u{0}b"))
        #expect(span["attributes"].attribute("tokens")["intValue"] == .string("3200"))
        #expect(span["attributes"].attribute("cost")["doubleValue"] == .number(0.02))

        let last = try #require(lines.last { $0.signal == "metrics" }?.request)
        let metrics = last["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
        #expect(metrics.count == 2)
        #expect(metrics[0]["name"] == .string("orchestrator_tasks_total"))
        #expect(metrics[0]["sum"]["isMonotonic"] == .bool(true))
        #expect(metrics[0]["sum"]["dataPoints"][0]["asInt"] == .string("2"))
        #expect(metrics[0]["sum"]["dataPoints"][0]["startTimeUnixNano"] == .string("7"))
        #expect(metrics[1]["name"] == .string("own\u{0}counter"))
        #expect(metrics[1]["sum"]["dataPoints"][0]["asInt"] == .string("5"))
    }

    @Test("Throttled with RetryInfo, a request is sent again; a partial success is not", .timeLimit(.minutes(1)))
    func retries() async throws {
        let receiver = try GRPCIOReceiver(
            script: """
                {"traces": [
                  {"reply": "error", "code": "RESOURCE_EXHAUSTED", "message": "slower", "retry_after": 0.01, "times": 2},
                  {"reply": "partial", "rejected": 1, "message": "too old"}]}
                """
        )
        var configuration = configuration(receiver)
        configuration.batch.maxExportBatchSize = 3
        let otel = OTel(configuration: configuration)
        otel.start()
        for _ in 0..<3 { otel.tracer.startSpan("s", context: .topLevel).end() }
        await otel.flush()
        let report = await otel.shutdown()
        #expect(report.delivered == 2 && report.rejected == 1 && report.isBalanced)
        #expect(try receiver.lines().filter { $0.signal == "traces" }.count == 3)
    }

    @Test("A receiver that never answers: exit is bounded, and the next start delivers", .timeLimit(.minutes(1)))
    func never() async throws {
        let directory = TemporaryDirectory()
        let silent = try GRPCIOReceiver(script: #"{"*": [{"reply": "never"}]}"#)
        var configuration = configuration(silent, spool: directory.spool)
        configuration.shutdownTimeout = .milliseconds(200)
        let otel = OTel(configuration: configuration)
        otel.start()
        otel.tracer.startSpan("kept", context: .topLevel).end()
        let report = await otel.shutdown()
        #expect(report.spooled == 1 && report.isBalanced)

        let receiver = try GRPCIOReceiver()
        let next = OTel(configuration: self.configuration(receiver, spool: directory.spool))
        next.start()
        #expect(await next.shutdown().resentSpans == 1)
        let request = try #require(try receiver.lines().first { $0.signal == "traces" }?.request)
        #expect(request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"] == .string("kept"))
        #expect(directory.spoolFiles.isEmpty)
    }
}
