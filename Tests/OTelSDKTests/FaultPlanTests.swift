import CollectorTestKit
import GRPCTransport
import OTLPWire
import Synchronization
import Testing
import Tracing

@testable import OTelSDK

@Suite("Whatever the collector does, every span is delivered, or counted as what became of it")
struct FaultPlanTests {
    /// SplitMix64: the same faults for the same seed, on every machine.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// Faults that end a call at once, so that no load of the machine decides how it ends.
    private static let faults: [Fault] = [
        .partial(PartialSuccess(rejected: 1, message: "too old")), .partial(PartialSuccess(rejected: 0, message: "hm")),
        .refuse(GRPCStatus(.unavailable, "later")), .refuse(GRPCStatus(.unavailable), retryAfter: .milliseconds(1)),
        .refuse(GRPCStatus(.unavailable), pushback: "1"), .refuse(GRPCStatus(.unavailable), pushback: "-1"),
        .refuse(GRPCStatus(.resourceExhausted, "busy"), retryAfter: .milliseconds(1)),
        .refuse(GRPCStatus(.resourceExhausted, "full")), .refuse(GRPCStatus(.invalidArgument, "bad")),
        .refuse(GRPCStatus(.cancelled)), .refuse(GRPCStatus(.aborted)), .refuse(GRPCStatus(.dataLoss)),
        .goAwayBefore, .goAwayWith(.accept), .goAwayDuring, .goAwayAfter, .reset(2), .reset(7), .reset(8), .reset(11),
        .resetAfterHeaders(), .resetDuringData(), .resetAfterData(), .drop,
        .http(status: 503, contentType: "text/html"),
        .http(status: 404, contentType: nil), .missingStatus, .oneByteAtATime, .paddedData, .pings, .garbage,
        .twoMessages, .statusText("x"), .hugeLength, .unknownFrames, .continuation, .push,
    ]

    private func configuration(_ collector: Collector, spool: String?) -> OTelConfiguration {
        .stub(spool: spool) {
            $0.endpoint = collector.endpoint
            $0.batch.maxExportBatchSize = 16
            $0.batch.maxQueueSize = 100
            $0.batch.scheduleDelay = .milliseconds(5)
        }
    }

    private func names(_ arrivals: [Arrival]) throws -> Set<String> {
        Set(try arrivals.flatMap { try $0.spans }.map(\.name))
    }

    @Test("Random faults over many batches, by seed", .timeLimit(.minutes(1)), arguments: 1...12)
    func randomFaults(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let generator = Mutex(SeededGenerator(state: seed))
        let collector = try Collector { _ in
            generator.withLock { Bool.random(using: &$0) ? .accept : Self.faults.randomElement(using: &$0) ?? .accept }
        }
        let otel = OTel(
            configuration: configuration(collector, spool: seed % 3 == 0 ? nil : directory.spool),
            time: .real(),
            random: .system(),
            retryPolicy: RetryPolicy(initialBackoff: .milliseconds(1), maximumBackoff: .milliseconds(2))
        )
        otel.start()
        var created: Set<String> = []
        for round in 0..<20 {
            for number in 0..<20 {
                created.insert("\(round)-\(number)")
                otel.tracer.startSpan("\(round)-\(number)", context: .topLevel).end()
            }
            if round % 5 == 4 { await otel.flush() }
        }
        let report = await otel.shutdown()
        collector.stop()
        #expect(report.isBalanced && report.ended == created.count, "\(report)")

        let later = try Collector()
        defer { later.stop() }
        // By the clock that the first one had, so that nothing is too old.
        let next = OTel(
            configuration: configuration(later, spool: directory.spool),
            time: .real(),
            random: .system()
        )
        next.start()
        let nextReport = await next.shutdown()
        #expect(nextReport.resentSpans == report.spooled && directory.spoolFiles.isEmpty, "\(nextReport)")

        // Duplicates may be; what never arrived must have been counted.
        let taken = try names(collector.taken)
        let resent = try names(later.taken)
        #expect(resent.count == report.spooled)
        #expect(report.delivered <= taken.count)
        let lost = created.subtracting(taken).subtracting(resent)
        #expect(lost.count <= report.rejected + report.dropped, "\(report)")
    }

    @Test("A collector that answers when shutdown has begun is still counted", .timeLimit(.minutes(1)))
    func lateAnswer() async throws {
        let gate = Gate()
        let collector = try Collector { _ in .hold(gate, then: .accept) }
        defer { collector.stop() }
        let otel = OTel(configuration: configuration(collector, spool: nil))
        otel.start()
        otel.makeSpans(16)
        await collector.wait(forRequests: 1)
        async let report = otel.shutdown()
        gate.open()
        let ended = await report
        #expect(ended.delivered == 16 && ended.isBalanced)
    }

    @Test("A window that never opens cannot hold up exit; all is in the spool", .timeLimit(.minutes(1)))
    func closedWindow() async throws {
        let directory = TemporaryDirectory()
        var settings = GRPCServerSettings()
        settings.http2.streamWindow = 0
        let collector = try Collector(settings: settings)
        defer { collector.stop() }
        var configuration = configuration(collector, spool: directory.spool)
        configuration.shutdownTimeout = .milliseconds(100)
        let otel = OTel(configuration: configuration)
        otel.start()
        otel.makeSpans(50)
        let report = await otel.shutdown()
        // What is sent before the peer's settings are known still has HTTP/2's first window.
        #expect(report.delivered <= 16 && report.delivered + report.spooled == 50, "\(report)")
        #expect(report.isBalanced)
    }

    @Test("A window of 100 bytes is slow and loses nothing", .timeLimit(.minutes(1)))
    func smallWindow() async throws {
        var settings = GRPCServerSettings()
        settings.http2.streamWindow = 100
        settings.http2.maxConcurrentStreams = 1
        let collector = try Collector(settings: settings)
        defer { collector.stop() }
        let otel = OTel(configuration: configuration(collector, spool: nil))
        otel.start()
        otel.makeSpans(90)
        let report = await otel.shutdown()
        #expect(report.delivered == 90 && report.isBalanced, "\(report)")
        #expect(try collector.taken.flatMap { try $0.spans }.count == 90)
    }

    @Test("A peer that accepts and never says a word cannot hold up exit", .timeLimit(.minutes(1)))
    func mutePeer() async throws {
        let directory = TemporaryDirectory()
        let peer = try RawPeer { RawPeer.drain($0) }
        let otel = OTel(
            configuration: .stub(spool: directory.spool) {
                $0.endpoint = "http://127.0.0.1:\(peer.port)"
                $0.shutdownTimeout = .milliseconds(100)
            }
        )
        otel.start()
        otel.makeSpans(700)
        let report = await otel.shutdown()
        #expect(report.spooled == 700 && report.isBalanced, "\(report)")
    }
}
