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
            let verdict = Self.verdict(GRPCStatus(code))
            if retried.contains(code) {
                #expect(verdict == .retry(atLeast: nil), "\(code)")
            } else {
                #expect(verdict == .refuse(code == .invalidArgument ? .unreadable : .final), "\(code)")
            }
        }
        #expect(Self.verdict(.ok) == .accepted)
        let throttled = GRPCStatus(.resourceExhausted, "", details: Self.retryInfo)
        #expect(Self.verdict(throttled) == .retry(atLeast: .milliseconds(2500)))
        #expect(Self.verdict(GRPCStatus(.internal, "", details: Self.retryInfo)) == .refuse(.final))
    }

    private static func verdict(_ status: GRPCStatus, pushback: String? = nil) -> RetryPolicy.Verdict {
        let trailers = pushback.map { [(name: "grpc-retry-pushback-ms", value: $0)] } ?? []
        return RetryPolicy().verdict(GRPCResponse(status: status, trailers: trailers))
    }

    @Test(
        "A pushback replaces our own wait; a negative or unreadable one ends the tries (gRPC A6)",
        arguments: [
            ("0", RetryPolicy.Verdict.retryExactly(after: .zero)), ("1500", .retryExactly(after: .milliseconds(1500))),
            ("-1", .giveUp), ("", .giveUp), ("soon", .giveUp), ("1.5", .giveUp), ("99999999999999999999", .giveUp),
        ]
    )
    func pushback(text: String, verdict: RetryPolicy.Verdict) {
        #expect(Self.verdict(GRPCStatus(.unavailable), pushback: text) == verdict)
        #expect(Self.verdict(GRPCStatus(.permissionDenied), pushback: text) == .refuse(.final))
        #expect(Self.verdict(GRPCStatus(.resourceExhausted), pushback: text) == .refuse(.final))
    }

    @Test("A pushback does not shorten what RetryInfo asks for")
    func pushbackWithRetryInfo() {
        let throttled = GRPCStatus(.resourceExhausted, "", details: Self.retryInfo)
        #expect(Self.verdict(throttled, pushback: "10") == .retryExactly(after: .milliseconds(2500)))
    }

    @Test(
        "What receivers say of a request that is too large is understood",
        arguments: [
            (GRPCStatusCode.resourceExhausted, "grpc: received message larger than max (5000 vs. 4096)"),
            (.resourceExhausted, "grpc: received message after decompression larger than max 4096"),
            (.resourceExhausted, "SERVER: Received message larger than max (4195 vs. 4096)"),
            (.resourceExhausted, "gRPC message exceeds maximum size 4194304: 4195000"),
            (.resourceExhausted, "Decompressed gRPC message exceeds maximum size 4194304"),
            (.internal, "Frame size 5000000 exceeds maximum: 4194304. "),
            (.outOfRange, "Error, decoded message length too large: found 5 bytes, the limit is: 4 bytes"),
            (.resourceExhausted, "Received message exceeds the maximum configured message size."),
            (.unknown, "Request Entity Too Large"),
        ]
    )
    func tooLarge(code: GRPCStatusCode, message: String) {
        #expect(Self.verdict(GRPCStatus(code, message)) == .refuse(.tooLarge))
    }

    @Test(
        "A refusal for another reason is not taken for one of size or form",
        arguments: [
            (GRPCStatusCode.resourceExhausted, "rate limit exceeded"), (.internal, "database is down"),
            (.unauthenticated, "failed to parse token"), (.permissionDenied, "request too large for this tenant"),
        ]
    )
    func otherRefusals(code: GRPCStatusCode, message: String) {
        #expect(Self.verdict(GRPCStatus(code, message)) == .refuse(.final))
    }

    @Test(
        "What receivers say of a request that they cannot read is understood",
        arguments: [
            (GRPCStatusCode.internal, "grpc: error unmarshalling request: proto: illegal wireType 7"),
            (.internal, "Exception deserializing request!"), (.internal, "Invalid protobuf byte sequence"),
            (.internal, "failed to decode Protobuf message: invalid wire type value: 6"),
            (.invalidArgument, "trace ids must be 128 bit"),
        ]
    )
    func unreadable(code: GRPCStatusCode, message: String) {
        #expect(Self.verdict(GRPCStatus(code, message)) == .refuse(.unreadable))
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
        let outcome = await exporter(InstantClock(), collector).export([1], until: .seconds(10))
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
        let outcome = await exporter(clock, collector).export([1], until: .seconds(10))
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
        let outcome = await exporter(InstantClock(), collector).export([1], until: .seconds(2))
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
        let outcome = await exporter(InstantClock(), collector).export([1], until: .seconds(10))
        switch outcome {
        case .refused: #expect(code != .ok)
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
        _ = await exporter.export([1], until: .seconds(10))
        _ = await exporter.export([2], until: .seconds(10))
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
            .export([1], until: .seconds(10))
        guard case .undelivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(collector.requestCount > 1)
        #expect(clock.now.offset <= .milliseconds(2400))
    }

    @Test("While the server asks for silence nothing is sent, whoever has something to send")
    func throttles() async {
        let clock = InstantClock()
        let collector = FakeCollector { number, _ in
            number == 1 ? GRPCResponse(status: GRPCStatus(.resourceExhausted, "", details: Self.retryInfo)) : .taken
        }
        let exporter = exporter(clock, collector)
        guard case .undelivered = await exporter.export([1], until: .seconds(2)) else {
            Issue.record("2.5 s do not fit into 2 s")
            return
        }
        guard case .undelivered = await exporter.export([2], until: .seconds(2)) else {
            Issue.record("the silence is not over")
            return
        }
        #expect(collector.requestCount == 1)
        guard case .delivered = await exporter.export([3], until: .seconds(10)) else {
            Issue.record("the silence is over within 10 s")
            return
        }
        #expect(collector.requestCount == 2 && clock.now.offset >= .milliseconds(2500))
    }

    @Test("A pushback is waited for exactly", .timeLimit(.minutes(1)))
    func exactPushback() async {
        let clock = InstantClock()
        let collector = FakeCollector { number, _ in
            let trailers = [(name: "grpc-retry-pushback-ms", value: "700")]
            return number < 4 ? GRPCResponse(status: GRPCStatus(.unavailable), trailers: trailers) : .taken
        }
        let outcome = await exporter(clock, collector).export([1], until: .seconds(10))
        guard case .delivered = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(clock.now.offset == .milliseconds(2100))
    }

    @Test("A request over our own limit is never sent")
    func overLimit() async {
        let collector = FakeCollector()
        var exporter = exporter(InstantClock(), collector)
        exporter.maxRequestBytes = 10
        guard
            case .refused(_, .overLimit) = await exporter.export(
                ArraySlice(repeating: 0, count: 11),
                until: .seconds(1)
            )
        else {
            Issue.record("11 bytes are over 10")
            return
        }
        #expect(collector.requestCount == 0)
        guard case .delivered = await exporter.export(ArraySlice(repeating: 0, count: 10), until: .seconds(1)) else {
            Issue.record("10 bytes are allowed")
            return
        }
    }
}
