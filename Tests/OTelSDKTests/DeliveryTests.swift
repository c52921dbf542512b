import GRPCTransport
import OTLPWire
import Synchronization
import Testing

@testable import OTelSDK

@Suite("A batch gets around what the collector cannot take")
struct DeliveryTests {
    /// A collector that refuses requests with a bad span, or above a size, or all of them.
    final class PickyCollector: Sendable {
        enum Rule: Sendable {
            case bad(Set<Int>)
            case atMost(bytes: Int)
            case nothing(GRPCStatus)
            case onlyAtFirst(Int)
        }

        private struct State {
            var requests: [[UInt8]] = []
            var taken: [Int] = []
        }

        private let state = Mutex(State())
        private let rule: Rule

        init(_ rule: Rule) { self.rule = rule }

        var requests: [[UInt8]] { state.withLock { $0.requests } }
        var taken: [Int] { state.withLock { $0.taken } }

        var send: OTLPExporter.Send {
            { [self] _, message, _ in GRPCResponse(status: answer(Array(message)), message: []) }
        }

        private func answer(_ message: [UInt8]) -> GRPCStatus {
            let spans = (try? ExportTraceRequest.decode(message))?.flatMap(\.scopes).flatMap(\.spans) ?? []
            let numbers = spans.compactMap { Int($0.name.prefix { $0.isNumber }) }
            let status: GRPCStatus = state.withLock { state in
                state.requests.append(message)
                switch rule {
                case .bad(let bad):
                    if !bad.isDisjoint(with: numbers) { return GRPCStatus(.invalidArgument, "bad span") }
                case .atMost(let bytes):
                    if message.count > bytes {
                        let text = "grpc: received message larger than max (\(message.count) vs. \(bytes))"
                        return GRPCStatus(.resourceExhausted, text)
                    }
                case .nothing(let status): return status
                case .onlyAtFirst(let count):
                    if state.requests.count > count { return GRPCStatus(.unavailable, "gone") }
                    return GRPCStatus(.invalidArgument, "bad span")
                }
                state.taken += numbers
                return .ok
            }
            return status
        }
    }

    static func items(_ count: Int, large: Set<Int> = []) -> EncodedItems {
        let spans = (0..<count).map { number in
            SpanRecord(
                traceID: TraceID(high: 1, low: 2),
                spanID: SpanID(value: 3),
                name: "\(number)" + (large.contains(number) ? String(repeating: "x", count: 5000) : ""),
                kind: .internal,
                startTime: 1,
                endTime: 2
            )
        }
        return EncodedItems(
            resource: Resource(),
            spans: [ScopedSpans(scope: InstrumentationScope(name: "stub"), spans: spans)]
        )
    }

    private func delivery(_ send: @escaping OTLPExporter.Send, maximumBytes: Int = .max) -> BatchDelivery {
        let time = TimeSource(InstantClock(), wallClock: { 1 })
        return BatchDelivery(
            exporter: OTLPExporter(
                signal: .traces,
                send: send,
                policy: RetryPolicy(),
                time: time,
                random: RandomSource { 1 << 63 },
                shutdown: ShutdownState(time),
                hasSpool: false
            ),
            budget: .seconds(10),
            sizeLimit: RequestSizeLimit(maximumBytes),
            statistics: ExporterStatistics(component: "stub", server: nil, isOn: true),
            reporter: DiagnosticReporter(time) { _ in }
        )
    }

    @Test(
        "A bad span is dropped alone, the others arrive once, and no request is sent twice",
        arguments: [
            (1, [0]), (2, [1]), (3, [1]), (64, [0]), (64, [63]), (100, [50]), (512, [17]), (512, [0, 511]),
            (512, [255, 256]), (512, [7, 8]), (100, [10, 50, 90]),
        ] as [(Int, [Int])]
    )
    func bad(count: Int, bad: [Int]) async {
        let collector = PickyCollector(.bad(Set(bad)))
        let delivery = delivery(collector.send)
        let result = await delivery.deliver(Self.items(count))
        #expect(result.delivered == count - bad.count && result.rejected == bad.count && result.undelivered.isEmpty)
        #expect(collector.taken.sorted() == (0..<count).filter { !bad.contains($0) })
        #expect(Set(collector.requests).count == collector.requests.count)
        let values = delivery.statistics.current
        #expect(values.inflight == 0 && values.exported["INVALID_ARGUMENT"] == bad.count)
        #expect(values.exported[String?.none] == (count == bad.count ? nil : count - bad.count))
        #expect(values.operations.values.map(\.count) == [1])
    }

    @Test("What is good among many bad spans may be lost, but requests stay few and every span is counted")
    func manyBad() async {
        for step in [2, 3, 5, 10, 40] {
            let collector = PickyCollector(.bad(Set(stride(from: 0, to: 512, by: step))))
            let result = await delivery(collector.send).deliver(Self.items(512))
            #expect(result.delivered == collector.taken.count && result.delivered + result.rejected == 512)
            #expect(collector.requests.count <= 60)
        }
    }

    @Test(
        "Where everything is refused, it is not tried piece by piece",
        arguments: [
            (GRPCStatus(.invalidArgument, "no"), 17), (GRPCStatus(.internal, "error unmarshalling request"), 17),
            (GRPCStatus(.resourceExhausted, "message larger than max (9 vs. 1)"), 17),
            (GRPCStatus(.permissionDenied, "no"), 1), (GRPCStatus(.internal, "disk is full"), 1),
            (GRPCStatus(.unimplemented, "no"), 1), (GRPCStatus(.resourceExhausted, "quota"), 1),
        ]
    )
    func nothing(status: GRPCStatus, most: Int) async {
        let collector = PickyCollector(.nothing(status))
        let result = await delivery(collector.send).deliver(Self.items(512))
        #expect(result.rejected == 512 && result.refusal == status)
        #expect(collector.requests.count <= most)
    }

    @Test("A request that is too large is cut until it fits, and the next batch knows", arguments: [500, 2000, 9000])
    func tooLarge(limit: Int) async {
        let collector = PickyCollector(.atMost(bytes: limit))
        let delivery = delivery(collector.send)
        let result = await delivery.deliver(Self.items(300))
        #expect(result.delivered == 300 && result.rejected == 0)
        #expect(collector.taken == Array(0..<300))
        let before = collector.requests.count
        _ = await delivery.deliver(Self.items(300))
        let refused = collector.requests[before...].filter { $0.count > limit }
        #expect(refused.isEmpty)
    }

    @Test("A spooled request stays whole where there is no room for the rest of it", .timeLimit(.minutes(1)))
    func noRoomForRest() async {
        let script = Mutex((calls: 0, isBack: false))
        let delivery = delivery { _, _, _ in
            let status: GRPCStatus = script.withLock { script in
                script.calls += 1
                if script.calls == 1 { return GRPCStatus(.invalidArgument, "bad span") }
                return script.calls == 2 || script.isBack ? .ok : GRPCStatus(.unavailable, "gone")
            }
            return GRPCResponse(status: status, message: [])
        }
        let record = SpoolRecord(signal: .traces, items: 100, request: Self.items(100).request(0..<100))
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory, bytes: record.request.count + 100)
        let (time, ledger) = (TimeSource.real(), Ledger())
        let sender = SpoolSender(
            spool: spool,
            deliveries: [delivery],
            shutdown: ShutdownState(time),
            shutdownTimeout: .seconds(60),
            ledger: ledger,
            reporter: DiagnosticReporter(time) { _ in }
        )
        #expect(await sender.keep(record) == nil)
        await sender.resend()
        #expect(script.withLock { $0.calls } >= 3)
        #expect(await spool.count() == 1)
        #expect(ledger.current.spans.delivered == 0 && ledger.current.spans.spooled == 0)
        script.withLock { $0.isBack = true }
        await sender.resend()
        #expect(await spool.count() == 0)
        #expect(ledger.current.spans.delivered == 100 && ledger.current.spans.spooled == -100)
    }

    @Test("Spans that are too large even alone are dropped, the others arrive")
    func tooLargeAlone() async {
        let collector = PickyCollector(.atMost(bytes: 4000))
        let result = await delivery(collector.send).deliver(Self.items(100, large: [3, 77]))
        #expect(result.delivered == 98 && result.rejected == 2)
    }

    @Test("A batch is split below the setting before anything is sent")
    func splits() async {
        let collector = PickyCollector(.atMost(bytes: 1000))
        let result = await delivery(collector.send, maximumBytes: 1000).deliver(Self.items(200))
        #expect(result.delivered == 200 && collector.requests.allSatisfy { $0.count <= 1000 })
        #expect(collector.taken == Array(0..<200))
    }

    @Test("When the collector goes away half-way, what was refused as a whole comes back in parts never sent")
    func goesAway() async {
        let collector = PickyCollector(.onlyAtFirst(3))
        let items = Self.items(8)
        let result = await delivery(collector.send).deliver(items)
        let left = result.undelivered.map { Array(items.request($0)) }
        #expect(result.undelivered.map(\.count).reduce(0, +) + result.rejected == 8)
        let refused = collector.requests.prefix(3)
        #expect(Set(left).isDisjoint(with: refused) && result.failure?.code == .unavailable)
    }

    @Test("A request from the spool that is refused for one span's sake loses that one alone")
    func fromSpool() async throws {
        let collector = PickyCollector(.bad([4]))
        let items = Self.items(9)
        let record = SpoolRecord(signal: .traces, items: 9, request: Array(items.request(0..<9)))
        let (result, rest) = await delivery(collector.send).deliver(record)
        #expect(result.delivered == 8 && result.rejected == 1 && rest.isEmpty)
        #expect(collector.taken.sorted() == [0, 1, 2, 3, 5, 6, 7, 8])
    }

    @Test("Metrics are cut between metrics and counted by data points")
    func metrics() async throws {
        let attempts = Mutex(0)
        let metrics = (1...4).map { number in
            MetricRecord(
                name: "m\(number)",
                data: .gauge((0..<number).map { NumberPoint(startTime: 1, time: 2, value: .int(Int64($0))) })
            )
        }
        let items = EncodedItems(
            resource: Resource(),
            metrics: [ScopedMetrics(scope: InstrumentationScope(name: "stub"), metrics: metrics)]
        )
        let delivery = delivery { _, message, _ in
            attempts.withLock { $0 += 1 }
            let names = (try? ExportMetricsRequest.decode(Array(message)))?
                .flatMap(\.scopes).flatMap(\.metrics).map(\.name)
            return names?.contains("m3") == true
                ? GRPCResponse(status: GRPCStatus(.invalidArgument, "m3")) : GRPCResponse(status: .ok, message: [])
        }
        let result = await delivery.deliver(items)
        #expect(result.delivered == 1 + 2 + 4 && result.rejected == 3)
        #expect(attempts.withLock { $0 } == 5)
    }
}
