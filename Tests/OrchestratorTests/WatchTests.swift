import Foundation
import GRPCTransport
import OTLPWire
import Synchronization
import SystemPackage
import Testing

@testable import orchestrator

@Suite("What is received, as lines")
struct WatchTests {
    private static let time: UInt64 = 1_700_000_000_250_000_000

    private static func resource(_ service: String?) -> Resource {
        Resource(attributes: service.map { [Attribute(key: "service.name", value: .string($0))] } ?? [])
    }

    private static func metrics(_ data: MetricRecord.Data, unit: String) -> [String] {
        ExportMetricsRequest(
            resource: resource("s"),
            scopes: [
                ScopedMetrics(
                    scope: InstrumentationScope(name: ""),
                    metrics: [MetricRecord(name: "m", unit: unit, data: data)]
                )
            ]
        )
        .lines.map(\.plain)
    }

    @Test("Values of metrics have their units, and say whether they add to something")
    func metrics() {
        let point = NumberPoint(
            attributes: [Attribute(key: "k", value: .string("v")), Attribute(key: "user.id", value: .string("u"))],
            startTime: 0,
            time: Self.time,
            value: .int(3)
        )
        let money = NumberPoint(startTime: 0, time: Self.time, value: .double(0.0215))
        let histogram = HistogramPoint(startTime: 0, time: Self.time, count: 4, sum: 10, min: 1, max: 4.5)
        let cases: [(MetricRecord.Data, String, String)] = [
            (.sum(points: [point], monotonic: true, temporality: .delta), "{token}", "m  +3 token  k=v"),
            (.sum(points: [point], monotonic: true, temporality: .cumulative), "1", "m  3  k=v"),
            (.sum(points: [money], monotonic: true, temporality: .cumulative), "USD", "m  0.0215 USD"),
            (.gauge([point]), "By", "m  3 By  k=v"),
            (.histogram([histogram], temporality: .delta), "s", "m  4 ×, mean 2.5 s, from 1 to 4.5 s"),
            (
                .exponentialHistogram(
                    [ExponentialHistogramPoint(startTime: 0, time: 1, count: 0)],
                    temporality: .delta
                ),
                "s", "m  0 ×"
            ),
        ]
        for (data, unit, text) in cases {
            let lines = Self.metrics(data, unit: unit)
            #expect(lines.count == 1 && lines.first?.hasSuffix("metric " + text) == true, "\(lines)")
        }
    }

    @Test("A log record shows its event or its text, its severity, and errors by a mark")
    func logs() {
        func line(_ record: LogRecord, service: String? = "s") -> String {
            let scoped = ScopedLogs(scope: InstrumentationScope(name: ""), records: [record])
            return ExportLogsRequest(resource: Self.resource(service), scopes: [scoped]).lines.first?.plain ?? ""
        }
        let event = Attribute(key: "event.name", value: .string("api_request"))
        let body = AttributeValue.string("claude_code.api_request")
        let named = LogRecord(time: Self.time, observedTime: 0, body: body, attributes: [event])
        #expect(line(named).hasSuffix("log    api_request"), "\(line(named))")
        let tool = LogRecord(
            time: Self.time,
            observedTime: 0,
            body: .string("t"),
            attributes: [Attribute(key: "success", value: .string("false"))]
        )
        #expect(line(tool).hasSuffix("log    t  ✘ failed  success=false"), "\(line(tool))")
        let failed = LogRecord(
            time: 0,
            observedTime: Self.time,
            severityNumber: 17,
            body: .string("it\nbroke\u{1B}[2J")
        )
        #expect(line(failed, service: nil).contains("unknown_service log    it broke␛[2J  ✘ ERROR"), "\(line(failed))")
        #expect(line(failed).contains(":20.250  s"))
        let warning = LogRecord(time: 0, observedTime: 1, severityNumber: 13, severityText: "Warnung", eventName: "e")
        #expect(line(warning).hasSuffix("log    e  Warnung"))
    }

    @Test("A malformed or unknown request is refused with its code, a good one is counted")
    func answers() throws {
        let receiver = TelemetryReceiver(.json, lines: LineQueue(bound: 1 << 20) {})
        func code(_ path: String, _ message: [UInt8]) -> GRPCStatusCode {
            let request = GRPCServerRequest(path: path, metadata: [], message: message, timeout: nil)
            switch receiver.answer(request) {
            case .status(let status, _): return status.code
            case .message(_, let status, _): return status.code
            default: return .unknown
            }
        }
        for method in ExportMethod.allCases {
            #expect(code(method.path, [0xFF]) == .invalidArgument)
            #expect(code(method.path, []) == .ok)
        }
        #expect(code("/nothing", []) == .unimplemented)
        #expect(receiver.counts.refused == 4)
    }

    @Test("Lines that nobody reads are bounded, and a reader that is gone is told once")
    func queue() async throws {
        StopSignals.surviveGoneReaders()
        let (reader, writer) = try FileDescriptor.pipe()
        let gone = Mutex(0)
        let queue = LineQueue(bound: 200_000, output: writer.rawValue) { gone.withLock { $0 += 1 } }
        let line = [UInt8](repeating: 0x61, count: 100_000)
        // The kernel takes 64 KiB, so the first is under way for ever, and of the others one has room.
        let taken = (0..<5).map { _ in queue.write(line) }
        #expect(taken == [true, true, false, false, false])
        try reader.close()
        queue.drain(atMost: 10)
        #expect(gone.withLock { $0 } == 1)
        #expect(queue.write(line))
        queue.drain(atMost: 10)
        #expect(gone.withLock { $0 } == 1)
        try writer.close()
    }

    @Test(
        "Where to listen is an address with a port, or a port of loopback",
        arguments: [
            ("127.0.0.1:4317", "http://127.0.0.1:4317"), ("4317", "http://127.0.0.1:4317"),
            ("[::1]:0", "http://[::1]:0"),
            ("localhost:1", "http://127.0.0.1:1"), ("0.0.0.0:4317", "http://0.0.0.0:4317"), (":1", nil), ("::1", nil),
            ("host", nil), ("h:65536", nil), ("[::1]", nil), ("", nil),
        ] as [(String, String?)]
    )
    func address(text: String, url: String?) {
        #expect(ListenAddress(text)?.url == url)
    }
}
