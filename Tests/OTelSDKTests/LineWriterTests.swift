import CoreMetrics
import GRPCTransport
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

@Suite("Files get OTLP JSON lines")
struct LineWriterTests {
    private static let time = TimeSource.real()

    private func lines(of path: String) -> [Substring] {
        guard let file = unsafe fopen(path, "r") else { return [] }
        defer { unsafe fclose(file) }
        var text = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&text, 1, text.count, file)
        return String(decoding: text.prefix(count), as: UTF8.self).split(separator: "\n")
    }

    @Test("Each batch is a line, the lines are added to the file, and the ledger counts them", .timeLimit(.minutes(1)))
    func file() async {
        let directory = TemporaryDirectory()
        let path = directory.path + "/spans.jsonl"
        for name in ["first", "second"] {
            let otel = OTel(configuration: .stub { $0.traces.exporters = [.file(path)] })
            otel.start()
            otel.makeSpans(2, named: name)
            let report = await otel.shutdown()
            #expect(report.delivered == 2 && report.isBalanced && report.undelivered == nil)
        }
        let lines = lines(of: path)
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix(#"{"resourceSpans":["#) && $0.hasSuffix("]}") })
        #expect(lines.first?.contains(#""name":"first""#) == true && lines.last?.contains(#""name":"second""#) == true)
    }

    @Test("Beside a collector a file gets the same, and the collector's word counts", .timeLimit(.minutes(1)))
    func besideCollector() async {
        let directory = TemporaryDirectory()
        let path = directory.path + "/spans.jsonl"
        let otel = OTel.stub(.stub { $0.traces.exporters = [.file(path), .otlp] }, FakeCollector(.permissionDenied))
        otel.makeSpans(3)
        let report = await otel.shutdown()
        #expect(report.rejected == 3 && report.isBalanced)
        #expect(lines(of: path).count == 1)
    }

    @Test("One file for two signals becomes two, as each holds one signal", .timeLimit(.minutes(1)))
    func twoSignals() async {
        let directory = TemporaryDirectory()
        let path = directory.path + "/all.jsonl"
        let otel = OTel(
            configuration: .stub {
                $0.traces.exporters = [.file(path)]
                $0.metrics.exporters = [.file(path)]
            }
        )
        otel.metrics.makeCounter(label: "c", dimensions: []).increment(by: 1)
        otel.makeSpans(1)
        #expect(await otel.shutdown().isBalanced)
        #expect(directory.names(in: "").sorted() == ["all.metrics.jsonl", "all.traces.jsonl"])
        #expect(lines(of: directory.path + "/all.metrics.jsonl").first?.hasPrefix(#"{"resourceMetrics""#) == true)
    }

    @Test("A file that cannot be written is said, and the spans are counted as dropped", .timeLimit(.minutes(1)))
    func unwritable() async {
        let log = DiagnosticLog()
        let otel = OTel(configuration: .stub(log: log) { $0.traces.exporters = [.file("/proc/nowhere/spans.jsonl")] })
        otel.makeSpans(2)
        let report = await otel.shutdown()
        #expect(report.ledger.spans.droppedUndelivered == 2 && report.isBalanced)
        #expect(log.has(.dropped) && report.undelivered?.contains("/proc/nowhere/spans.jsonl") == true)
    }

    @Test(
        "A pipe that nobody reads holds up nothing, and one whose reader has gone ends nobody",
        .timeLimit(.minutes(1))
    )
    func pipes() async {
        let directory = TemporaryDirectory()
        let path = directory.path + "/pipe"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
        let writer = LineWriter(.file(path), Self.time)
        let items = DeliveryTests.items(4000)
        let request = items.request(0..<items.count)
        // Opens the pipe while there is a reader, and fits into it.
        #expect(await writer.send(.traces, items.request(0..<1), .seconds(30)).status.isOK)
        let hanging = await writer.send(.traces, request, .milliseconds(20))
        #expect(hanging.status.code == .unavailable)
        let next = await writer.send(.traces, request, .seconds(30))
        #expect(next.status.code == .unavailable && next.status.message.contains("hangs"))
        close(reader)
        // The write under way ends with EPIPE now, and so does each later one.
        while true {
            let answer = await writer.send(.traces, request, .seconds(30))
            if answer.status.message.contains("hangs") {
                await Task.yield()
            } else {
                #expect(answer.status.message.contains("pipe"), "\(answer.status)")
                break
            }
        }
    }
}
