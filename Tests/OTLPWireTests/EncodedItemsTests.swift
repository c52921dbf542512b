import Foundation
import Testing

@testable import OTLPWire

@Suite("Encoded items")
struct EncodedItemsTests {
    private func spans(_ count: Int, scope: String) -> ScopedSpans {
        let spans = (0..<count).map { number in
            var span = Samples.bareSpan
            span.spanID = SpanID(value: UInt64(number + 1))
            span.name = scope + String(repeating: "x", count: number * 7)
            return span
        }
        return ScopedSpans(scope: InstrumentationScope(name: scope, schemaURL: scope), spans: spans)
    }

    private func items(_ scopes: [ScopedSpans]) -> EncodedItems {
        EncodedItems(resource: Samples.resource, spans: scopes)
    }

    private func names(_ items: EncodedItems, _ range: Range<Int>) throws -> [[String]] {
        let requests = try ExportTraceRequest.decode(Array(items.request(range)))
        #expect(requests.count == 1 && requests.first?.resource == Samples.resource)
        return requests.flatMap(\.scopes).map { [$0.scope.name] + $0.spans.map(\.name) }
    }

    @Test("Any range makes a whole request of its announced size, with the scopes that it touches and no other")
    func ranges() throws {
        for scopes in [[spans(5, scope: "a")], [spans(2, scope: "a"), spans(0, scope: "none"), spans(3, scope: "b")]] {
            let items = items(scopes)
            let all = scopes.flatMap { scoped in scoped.spans.map { (scoped.scope.name, $0.name) } }
            #expect(items.count == 5 && items.pointCount == 5)
            for start in 0..<5 {
                for end in start + 1...5 {
                    #expect(items.request(start..<end).count == items.requestSize(start..<end))
                    let found = try names(items, start..<end).flatMap { group in
                        group.dropFirst().map { (group[0], $0) }
                    }
                    #expect(found.elementsEqual(all[start..<end], by: ==))
                }
            }
            #expect(try names(items, 0..<1).map(\.first) == ["a"])
        }
    }

    @Test("Everything of one scope is a slice of what was encoded, not a copy")
    func noCopy() {
        let items = items([spans(50, scope: "a")])
        let addresses = (0..<2).map { _ in items.request(0..<50).withUnsafeBytes { $0.baseAddress } }
        #expect(addresses[0] == addresses[1])
        #expect(items.request(0..<50).startIndex > 0)
    }

    @Test("are split into requests below the bound, in order, and one that is larger alone goes alone")
    func split() throws {
        let items = items([spans(40, scope: "a"), spans(40, scope: "b")])
        #expect(items.split(maximumBytes: 1 << 20) == [0..<80])
        let ranges = items.split(maximumBytes: 500)
        #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == 80)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(ranges.allSatisfy { items.requestSize($0) <= 500 })
        for range in ranges.dropLast() { #expect(items.requestSize(range.lowerBound..<range.upperBound + 1) > 500) }
        #expect(items.split(maximumBytes: 1) == (0..<80).map { $0..<$0 + 1 })
        #expect(self.items([]).split(maximumBytes: 1).isEmpty)
    }

    @Test("count data points for metrics")
    func points() {
        let items = EncodedItems(resource: Samples.resource, metrics: Samples.metrics.scopes)
        let counts = Samples.metrics.scopes.flatMap(\.metrics).map(\.data.pointCount)
        #expect(items.count == counts.count && items.pointCount == counts.reduce(0, +))
        #expect(items.items(in: 1..<2) == counts[1])
    }

    @Test("Records of several scopes are put together by scope, in the order of first appearance")
    func grouping() throws {
        let store = RecordStore()
        let scopes = ["x", "y", "x", "z", "y"].map { store.scope(InstrumentationScope(name: $0)) }
        let handles = scopes.enumerated().map { number, scope in
            var span = Samples.bareSpan
            span.name = "\(number)"
            return RecordDraft.finished(span, scope: scope, in: store)
        }
        let items = RecordEncoder(resource: Samples.resource).encode(handles)
        #expect(try names(items, 0..<5) == [["x", "0", "2"], ["y", "1", "4"], ["z", "3"]])
        #expect(RecordEncoder(resource: Samples.resource).encode([]).count == 0)
    }

    @Test("Random spans and log records survive opentelemetry-proto, which reads ours and writes its own")
    func foreignRoundTrip() throws {
        var random = RandomValues(seed: 3)
        let judge = try PythonJudge()
        let scopes = (0..<3).map { number in
            ScopedSpans(scope: InstrumentationScope(name: "\(number)"), spans: (0..<100).map { _ in random.span() })
        }
        let traces = ExportTraceRequest(resource: Samples.resource, scopes: scopes)
        let traceJSON = try judge.json(of: traces.encoded(), as: "trace_request")
        #expect(try ExportTraceRequest.decode(judge.bytes(of: traceJSON, as: "trace_request")) == [traces])
        let records = ScopedLogs(scope: Samples.scope, records: (0..<200).map { _ in random.log() })
        let logs = ExportLogsRequest(resource: Samples.resource, scopes: [records])
        let logJSON = try judge.json(of: logs.encoded(), as: "logs_request")
        #expect(try ExportLogsRequest.decode(judge.bytes(of: logJSON, as: "logs_request")) == [logs])
    }

    @Test("protoc reads a golden request and finds every field where it belongs")
    func protoc() throws {
        let service = "opentelemetry/proto/collector/trace/v1/trace_service.proto"
        let output = try Command.run(
            "/usr/bin/env",
            [
                "protoc", "--decode=opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest",
                "-I", PythonJudge.root.appending(path: "Protos").path, service,
            ],
            input: Data(Samples.trace.encoded())
        )
        let text = String(decoding: output, as: UTF8.self)
        for line in [
            "start_time_unix_nano: 1700000000123456789", "name: \"invoke_agent claude-code\"", "flags: 769",
            "trace_state: \"vendor=1,other=x\"", "schema_url: \"https://opentelemetry.io/schemas/1.44.0\"",
            "code: STATUS_CODE_ERROR", "dropped_links_count: 6",
        ] {
            #expect(text.contains(line))
        }
        // Nothing that the schema does not know: protoc prints such a field by its number.
        #expect(!text.split(separator: "\n").contains { $0.drop { $0 == " " }.first?.isNumber == true })
    }

    @Test("A request that is put together from stored resource bytes is the same")
    func storedResource() {
        let resource = Samples.resource.encoded()
        let stored = EncodedResource(bytes: resource.bytes, schemaURL: resource.schemaURL)
        let items = EncodedItems(resource: stored, spans: Samples.trace.scopes)
        #expect(Array(items.request(0..<items.count)) == Samples.trace.encoded())
    }
}
