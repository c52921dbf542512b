import GRPCTransport
import OTLPWire
import Synchronization
import Testing
import Tracing

@testable import OTelSDK

@Suite("One pipeline serves spans and log records")
struct PipelineTests {
    @Test("As many requests are under way at once as the setting says", .timeLimit(.minutes(1)), arguments: [1, 3])
    func concurrency(limit: Int) async {
        let counts = Mutex((now: 0, most: 0))
        let all = Signal(isLasting: true)
        let collector = FakeCollector { _, _ in
            let now = counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
                return counts.now
            }
            // The first ones wait for each other; a pipeline that sends fewer would end with the test's time.
            if now == limit { all.raise() }
            await all.wait(atMost: nil, .real())
            counts.withLock { $0.now -= 1 }
            return .taken
        }
        let configuration = OTelConfiguration.stub {
            $0.batch.maxExportBatchSize = 2
            $0.batch.concurrentExports = limit
        }
        let otel = OTel.stub(configuration, collector)
        otel.makeSpans(20)
        let report = await otel.shutdown()
        #expect(report.delivered == 20 && report.isBalanced && collector.requestCount == 10)
        #expect(counts.withLock { $0.most } == limit)
    }

    @Test("Log records are batched, spooled and sent again like spans, each signal by itself", .timeLimit(.minutes(1)))
    func logs() async throws {
        let directory = TemporaryDirectory()
        let onlyLogs: (inout OTelConfiguration) -> Void = { $0.logs.exporters = [.otlp] }
        let absent = OTel.stub(.stub(spool: directory.spool, onlyLogs), FakeCollector(.unavailable))
        absent.logger(named: "stub").emit("kept")
        absent.makeSpans(2)
        let first = await absent.shutdown()
        #expect(first.ledger.logRecords.spooled == 1 && first.ledger.logRecords.created == 1)
        #expect(first.spooled == 2 && first.isBalanced)

        let collector = FakeCollector()
        let otel = OTel.stub(.stub(spool: directory.spool, onlyLogs), collector)
        otel.start()
        let second = await otel.shutdown()
        #expect(second.resentLogRecords == 1 && second.resentSpans == 2 && second.waitingRequests == 0)
        let records = try collector.requests(.logs).flatMap { try ExportLogsRequest.decode($0) }.flatMap(\.scopes)
        #expect(records.flatMap(\.records).map(\.body) == [.string("kept")])
    }

    @Test("What is spooled and sent by the same process counts as delivered in the end", .timeLimit(.minutes(1)))
    func ownSpool() async {
        let directory = TemporaryDirectory()
        let isThere = Atomic(false)
        let collector = FakeCollector { _, _ in
            isThere.load(ordering: .relaxed)
                ? .taken : GRPCResponse(status: GRPCStatus(.unavailable), trailers: [("grpc-retry-pushback-ms", "-1")])
        }
        let otel = OTel.stub(.stub(spool: directory.spool), collector)
        otel.start()
        otel.makeSpans(3)
        #expect(await !otel.flush())
        #expect(otel.ledger.spans.spooled == 3 && otel.ledger.isBalanced)
        isThere.store(true, ordering: .relaxed)
        otel.makeSpans(1)
        #expect(await otel.flush())
        let report = await otel.shutdown()
        #expect(report.delivered == 4 && report.spooled == 0 && report.resentSpans == 0 && report.isBalanced)
        #expect(directory.spoolFiles.isEmpty)
    }

    @Test("What was not taken at the start goes at the end, if the collector is there then", .timeLimit(.minutes(1)))
    func lateCollector() async {
        let directory = TemporaryDirectory()
        let absent = OTel.stub(.stub(spool: directory.spool), FakeCollector(.unavailable))
        absent.makeSpans(2)
        #expect(await absent.shutdown().spooled == 2)
        let collector = FakeCollector { number, _ in
            number > 1
                ? .taken : GRPCResponse(status: GRPCStatus(.unavailable), trailers: [("grpc-retry-pushback-ms", "-1")])
        }
        let otel = OTel.stub(.stub(spool: directory.spool), collector)
        otel.start()
        otel.makeSpans(1)
        let report = await otel.shutdown()
        #expect(report.delivered == 1 && report.resentSpans == 2 && report.isBalanced, "\(report)")
        #expect(collector.requestCount == 3 && directory.spoolFiles.isEmpty)
    }

    @Test("While the queue fills, an absent collector is not waited for: the spool has room", .timeLimit(.minutes(1)))
    func pressure() async throws {
        let directory = TemporaryDirectory()
        let configuration = OTelConfiguration.stub(spool: directory.spool) {
            ($0.batch.maxQueueSize, $0.batch.maxExportBatchSize) = (100, 10)
            // Nothing would go to the spool before that.
            ($0.exportTimeout, $0.batch.exportTimeout) = (.seconds(3600), .seconds(3600))
        }
        let otel = OTel.stub(configuration, FakeCollector(.unavailable))
        otel.start()
        for round in 1...10 {
            // More than half of the queue; then half of it waits, one batch of that on its way.
            otel.makeSpans(60)
            while otel.ledger.spans.spooled < 60 * round - 50 { try await Task.sleep(for: .milliseconds(5)) }
        }
        let report = await otel.shutdown()
        #expect(report.spooled == 600 && report.isBalanced, "\(report)")
    }

    @Test("A span over the request limit is never sent, and counted", .timeLimit(.minutes(1)))
    func overLimit() async {
        let log = DiagnosticLog()
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(log: log) { $0.maxRequestBytes = 4000 }, collector)
        otel.makeSpans(3)
        otel.makeSpans(1, named: String(repeating: "x", count: 5000))
        let report = await otel.shutdown()
        #expect(report.delivered == 3 && report.ledger.spans.droppedOverLimit == 1 && report.isBalanced)
        #expect(log.has(.dropped) && collector.requests(.traces).allSatisfy { $0.count <= 4000 })
    }

    private func clients(_ change: (inout OTelConfiguration) -> Void) -> Int {
        var configuration = OTelConfiguration()
        change(&configuration)
        let time = TimeSource.real()
        var destinations = Destinations(
            configuration,
            time: time,
            random: .system(),
            policy: RetryPolicy(),
            shutdown: ShutdownState(time),
            reporter: DiagnosticReporter(time) { _ in },
            replacement: nil
        )
        for (signal, settings) in [
            (TelemetrySignal.traces, configuration.traces), (.metrics, configuration.metrics),
            (.logs, configuration.logs),
        ] {
            _ = destinations.exporters(of: signal, settings, limit: .seconds(1), hasSpool: false)
        }
        return destinations.clients.count
    }

    @Test("Signals with the same endpoint and settings share a connection, others have their own")
    func sharing() {
        #expect(clients { _ in } == 1)
        #expect(clients { $0.logs.endpoint = "http://localhost:4317/" } == 1)
        #expect(clients { $0.logs.headers = ["a": "1"] } == 2)
        #expect(clients { $0.metrics.compression = .gzip } == 2)
        #expect(clients { $0.traces.endpoint = "https://localhost:4317" } == 2)
        #expect(clients { $0.logs.exporters = [.console] } == 1)
        #expect(clients { $0.disabled = true } == 0)
    }
}
