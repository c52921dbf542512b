import CoreMetrics
import GRPCTransport
import OTLPWire
import Synchronization
import Testing
import Tracing

@testable import OTelSDK

@Suite("Over the network, shutdown is bounded and nothing is lost")
struct CollectorTests {
    private func configuration(
        port: UInt16,
        spool: String?,
        log: DiagnosticLog = DiagnosticLog(),
        _ change: (inout OTelConfiguration) -> Void = { _ in }
    ) -> OTelConfiguration {
        .stub(spool: spool, log: log) {
            $0.endpoint = "http://127.0.0.1:\(port)"
            $0.headers = ["x-token": "secret"]
            change(&$0)
        }
    }

    @Test("Spans and metrics arrive over one connection, with headers, resource and scope", .timeLimit(.minutes(1)))
    func arrives() async throws {
        let requests = Mutex<[GRPCServerRequest]>([])
        let server = try GRPCServer.start { request in
            requests.withLock { $0.append(request) }
            return .message([])
        }
        defer { server.stop() }
        let otel = OTel(
            configuration: configuration(port: server.port, spool: nil) { $0.metrics.exporters = [.otlp] }
        )
        otel.start()
        otel.metrics.makeCounter(label: "c", dimensions: []).increment(by: 1)
        otel.makeSpans(3)
        let report = await otel.shutdown()
        #expect(report.delivered == 3 && report.isBalanced && report.metricRequestsFailed == 0)
        let received = requests.withLock { $0 }
        let traces = try #require(received.first { $0.path == TelemetrySignal.traces.exportPath })
        #expect(received.contains { $0.path == TelemetrySignal.metrics.exportPath })
        #expect(traces.metadata.contains { $0.name == "x-token" && $0.value == "secret" })
        #expect(traces.metadata.contains { $0.name == "user-agent" && $0.value == SDKVersion.userAgent })
        let request = try #require(try ExportTraceRequest.decode(traces.message).first)
        #expect(request.resource.attributes.contains(Attribute(key: "service.name", value: .string("stub"))))
    }

    @Test("A collector that is not there costs little, and the spans go with the next start", .timeLimit(.minutes(1)))
    func absent() async throws {
        let directory = TemporaryDirectory()
        let server = try GRPCServer.start { _ in .message([]) }
        let port = server.port
        server.stop()
        let otel = OTel(configuration: configuration(port: port, spool: directory.spool))
        otel.start()
        otel.makeSpans(4)
        let report = await otel.shutdown()
        #expect(report.spooled == 4 && report.isBalanced && directory.spoolFiles.count == 1)

        let requests = Mutex(0)
        let next = try GRPCServer.start { _ in
            requests.withLock { $0 += 1 }
            return .message([])
        }
        defer { next.stop() }
        let second = OTel(configuration: configuration(port: next.port, spool: directory.spool))
        second.start()
        let secondReport = await second.shutdown()
        #expect(secondReport.resentSpans == 4 && requests.withLock { $0 } == 1)
        #expect(directory.spoolFiles.isEmpty)
    }

    @Test(
        "A collector that never answers cannot hold up exit; all is in the spool",
        .timeLimit(.minutes(1)),
        arguments: [
            true, false,
        ]
    )
    func neverAnswers(isStarted: Bool) async throws {
        let directory = TemporaryDirectory()
        let server = try GRPCServer.start { _ in .never }
        defer { server.stop() }
        let otel = OTel(
            configuration: configuration(port: server.port, spool: directory.spool) {
                $0.shutdownTimeout = .milliseconds(100)
                $0.exportTimeout = .seconds(300)
                $0.batch.exportTimeout = .seconds(300)
                $0.metrics.exporters = [.otlp]
            }
        )
        if isStarted { otel.start() }
        otel.metrics.makeCounter(label: "c", dimensions: []).increment(by: 1)
        otel.makeSpans(1500)
        let report = await otel.shutdown()
        #expect(report.spooled == 1500 && report.isBalanced)
        #expect(report.undelivered?.contains("DEADLINE_EXCEEDED") == true)
        #expect(report.waitingRequests >= 3)
    }

    @Test(
        "A call that is under way when shutdown begins is ended at the bound, its spans are kept",
        .timeLimit(.minutes(1))
    )
    func callUnderWay() async throws {
        let directory = TemporaryDirectory()
        let arrived = Signal(isLasting: true)
        let server = try GRPCServer.start { _ in
            arrived.raise()
            return .never
        }
        defer { server.stop() }
        let otel = OTel(
            configuration: configuration(port: server.port, spool: directory.spool) {
                $0.shutdownTimeout = .milliseconds(100)
                $0.exportTimeout = .seconds(300)
                $0.batch.exportTimeout = .seconds(300)
            }
        )
        otel.start()
        otel.makeSpans(512)
        await arrived.wait(atMost: .seconds(30), .real())
        let report = await otel.shutdown()
        #expect(report.spooled == 512 && report.isBalanced && directory.spoolFiles.count == 1)
    }

    @Test("A collector that refuses drops the spans, counted and said", .timeLimit(.minutes(1)))
    func refuses() async throws {
        let directory = TemporaryDirectory()
        let log = DiagnosticLog()
        let server = try GRPCServer.start { _ in .status(GRPCStatus(.invalidArgument, "b\u{E4}d")) }
        defer { server.stop() }
        let otel = OTel(configuration: configuration(port: server.port, spool: directory.spool, log: log))
        otel.makeSpans(3)
        let report = await otel.shutdown()
        #expect(report.rejected == 3 && report.isBalanced && directory.spoolFiles.isEmpty)
        #expect(log.all.contains { $0.kind == .rejected && $0.message.contains("b\u{E4}d") })
    }

    @Test("An endpoint that cannot be used keeps everything and says so once", .timeLimit(.minutes(1)))
    func unusable() async {
        let directory = TemporaryDirectory()
        let log = DiagnosticLog()
        let otel = OTel(
            configuration: .stub(spool: directory.spool, log: log) { $0.endpoint = "ftp://collector:4317" }
        )
        otel.start()
        otel.makeSpans(2)
        let report = await otel.shutdown()
        #expect(report.spooled == 2 && report.isBalanced && report.undelivered?.contains("ftp://collector") == true)
        #expect(log.all.filter { $0.kind == .configuration }.count == 1)
    }
}
