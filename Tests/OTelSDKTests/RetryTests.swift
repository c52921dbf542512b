import GRPCTransport
import OTLPWire
import Testing

@testable import OTelSDK

@Suite("Requests are retried by the OTLP specification's table")
struct RetryTests {
    /// google.rpc.Status{details: [Any{RetryInfo{retry_delay: 2 s}}]} with nanos 500_000_000.
    static let retryInfo: [UInt8] = {
        let duration: [UInt8] = [0x08, 2, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01]
        let info = [0x0A, UInt8(duration.count)] + duration
        let type = [UInt8]("type.googleapis.com/google.rpc.RetryInfo".utf8)
        let any = [0x0A, UInt8(type.count)] + type + [0x12, UInt8(info.count)] + info
        return [0x08, 8, 0x12, 2, 0x6E, 0x6F, 0x1A, UInt8(any.count)] + any
    }()

    @Test("Exactly six codes are retried, and RESOURCE_EXHAUSTED only if the server says when")
    func table() {
        let retried: Set<GRPCStatusCode> = [
            .cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss,
        ]
        for code in GRPCStatusCode.allCases where code != .ok {
            let verdict = RetryPolicy().verdict(GRPCStatus(code))
            #expect(verdict == (retried.contains(code) ? .retry(after: nil) : .reject), "\(code)")
        }
        #expect(RetryPolicy().verdict(.ok) == .accepted)
        let throttled = GRPCStatus(.resourceExhausted, "", details: Self.retryInfo)
        #expect(RetryPolicy().verdict(throttled) == .retry(after: .milliseconds(2500)))
        #expect(RetryPolicy().verdict(GRPCStatus(.internal, "", details: Self.retryInfo)) == .reject)
    }

    @Test("Status details that are cut anywhere never trap and never give a wrong delay")
    func cutDetails() {
        for count in 0..<Self.retryInfo.count {
            #expect(RetryInfo.delay(inStatusDetails: Array(Self.retryInfo.prefix(count))) == nil)
        }
    }

    @Test("The wait is anywhere between nothing and a growing range, on top of the server's own delay")
    func backoff() {
        let policy = RetryPolicy(initialBackoff: .seconds(1), multiplier: 2, maximumBackoff: .seconds(5))
        let ends = (1...5).map { policy.backoff(afterAttempt: $0, fraction: 1, serverDelay: nil) }
        #expect(ends == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        #expect(policy.backoff(afterAttempt: 3, fraction: 0, serverDelay: nil) == .zero)
        #expect(policy.backoff(afterAttempt: 3, fraction: 0.5, serverDelay: .seconds(7)) == .seconds(9))
        #expect(policy.backoff(afterAttempt: .max, fraction: 1, serverDelay: nil) == .seconds(5))
    }

    private func exporter(
        _ clock: InstantClock,
        hasSpool: Bool = true,
        shutdown: ShutdownState? = nil,
        _ collector: FakeCollector
    ) -> OTLPExporter {
        let time = TimeSource(clock, wallClock: { 1 })
        return OTLPExporter(
            signal: .traces,
            send: collector.send,
            policy: RetryPolicy(),
            time: time,
            random: .counting(),
            shutdown: shutdown ?? ShutdownState(time),
            hasSpool: hasSpool
        )
    }

    @Test("A request is tried until the collector is there")
    func triesAgain() async {
        let collector = FakeCollector { number, _ in
            number < 4 ? GRPCResponse(status: GRPCStatus(.unavailable)) : .taken
        }
        let outcome = await exporter(InstantClock(), collector).export([1], budget: .seconds(10))
        guard case .delivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(collector.requestCount == 4)
    }

    @Test("The budget bounds all tries and waits together", .timeLimit(.minutes(1)))
    func keepsBudget() async {
        let clock = InstantClock()
        let collector = FakeCollector { _, _ in
            clock.pass(.seconds(1))
            return GRPCResponse(status: GRPCStatus(.unavailable, "nobody there"))
        }
        let outcome = await exporter(clock, collector).export([1], budget: .seconds(10))
        guard case .undelivered(let status) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(status.message == "nobody there")
        #expect((2...10).contains(collector.requestCount))
        #expect(clock.now.offset <= .seconds(11))
    }

    @Test("A server's delay that exceeds the budget ends the tries at once")
    func honoursLongDelay() async {
        let details = Self.retryInfo
        let collector = FakeCollector { _, _ in
            GRPCResponse(status: GRPCStatus(.resourceExhausted, "", details: details))
        }
        let outcome = await exporter(InstantClock(), collector).export([1], budget: .seconds(2))
        guard case .undelivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(collector.requestCount == 1)
    }

    @Test(
        "A refusal and a partial success are never sent again",
        arguments: [
            GRPCStatusCode.invalidArgument, .internal, .unimplemented, .unauthenticated, .ok,
        ]
    )
    func neverAgain(code: GRPCStatusCode) async {
        let partial = ExportResponse.encoded(PartialSuccess(rejected: 1, message: "no"))
        let collector = FakeCollector { _, _ in GRPCResponse(status: GRPCStatus(code), message: partial) }
        let outcome = await exporter(InstantClock(), collector).export([1], budget: .seconds(10))
        switch outcome {
        case .rejected: #expect(code != .ok)
        case .delivered(let partial): #expect(code == .ok && partial?.rejected == 1)
        case .undelivered: Issue.record("undelivered")
        }
        #expect(collector.requestCount == 1)
    }

    @Test("At shutdown a spool makes further tries needless, for this request and for the next")
    func shutdownWithSpool() async {
        let clock = InstantClock()
        let shutdown = ShutdownState(TimeSource(clock, wallClock: { 1 }))
        shutdown.begin(timeout: .seconds(2))
        let collector = FakeCollector(.unavailable)
        let exporter = exporter(clock, shutdown: shutdown, collector)
        _ = await exporter.export([1], budget: .seconds(10))
        _ = await exporter.export([2], budget: .seconds(10))
        #expect(collector.requestCount == 1)
        #expect(clock.now.offset == .zero)
    }

    @Test("At shutdown without a spool the bound is used for tries")
    func shutdownWithoutSpool() async {
        let clock = InstantClock()
        let shutdown = ShutdownState(TimeSource(clock, wallClock: { 1 }))
        shutdown.begin(timeout: .seconds(2))
        let collector = FakeCollector { number, _ in
            clock.pass(.milliseconds(400))
            return GRPCResponse(status: GRPCStatus(.unavailable))
        }
        let outcome = await exporter(clock, hasSpool: false, shutdown: shutdown, collector)
            .export([1], budget: .seconds(10))
        guard case .undelivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(collector.requestCount > 1)
        #expect(clock.now.offset <= .milliseconds(2400))
    }
}
