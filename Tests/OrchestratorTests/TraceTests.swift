import Foundation
import OTLPWire
import Testing

@testable import orchestrator

@Suite("The trace from the local record")
struct TraceTests {
    private static let trace = TraceID(high: 1, low: 2)

    /// A span, with times in milliseconds after a second.
    private static func span(
        _ name: String,
        _ id: UInt64,
        parent: UInt64? = nil,
        _ times: ClosedRange<UInt64> = 0...1000,
        error: String? = nil
    ) -> SpanRecord {
        SpanRecord(
            traceID: trace,
            spanID: SpanID(value: id),
            parentSpanID: parent.map(SpanID.init),
            name: name,
            startTime: 1_000_000_000 + times.lowerBound * 1_000_000,
            endTime: 1_000_000_000 + times.upperBound * 1_000_000,
            status: error.map { SpanRecord.Status(code: .error, message: $0) } ?? SpanRecord.Status()
        )
    }

    private static func line(_ spans: [SpanRecord]) -> [UInt8] {
        let service = Attribute(key: "service.name", value: .string("tests"))
        return ExportTraceRequest(
            resource: Resource(attributes: [service]),
            scopes: [ScopedSpans(scope: InstrumentationScope(name: "s"), spans: spans)]
        )
        .json
    }

    private static func tree(_ spans: [SpanRecord]) -> TraceTree {
        TraceTree(TraceRecording(spans: spans.map { RecordedSpan(span: $0, service: "") }))
    }

    /// Reads bytes by way of a file.
    private func read(_ bytes: [UInt8]) throws -> TraceRecording {
        let file = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString).jsonl")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try TraceRecording(path: file.path)
    }

    @Test("What our writer of OTLP JSON wrote is read back as it was")
    func roundTrip() throws {
        let values: [AttributeValue] = [
            .string("\u{0}\u{1B}\"é漢😀"), .bool(true), .int(.min), .int(.max), .double(0.1), .double(.infinity),
            .bytes([0, 255]), .array([.int(1), .string("x")]), .map([Attribute(key: "k", value: .bool(false))]), .empty,
        ]
        var span = Self.span("chat model", 7, parent: 8, 3...5, error: "it broke")
        span.attributes = values.enumerated().map { Attribute(key: "a\($0)", value: $1) }
        span.kind = .client
        span.flags = 0x301
        span.events = [SpanRecord.Event(time: .max, name: "e", attributes: [Attribute(key: "k", value: .int(1))])]
        span.links = [SpanRecord.Link(traceID: Self.trace, spanID: SpanID(value: 3))]
        let recording = try read(Self.line([span, Self.span("b", 9)]) + [0x0A])
        #expect(recording.spans == [span, Self.span("b", 9)].map { RecordedSpan(span: $0, service: "tests") })
        #expect(!recording.isCut && recording.brokenLines == 0 && recording.omitted == 0)
    }

    @Test("Numbers may be texts or numbers, ids in capitals, and fields unknown, as the specification allows")
    func lenient() throws {
        let json = """
            {"resourceSpans":[{"new":1,"scopeSpans":[{"spans":[{"traceId":"000000000000000100000000000000AB",\
            "spanId":"00000000000000CD","parentSpanId":"","name":"n","startTimeUnixNano":5,"endTimeUnixNano":"9",\
            "attributes":[{"key":"i","value":{"intValue":-3}},{"key":"none"}],"later":{}}]},{}]}]}

            """
        let span = try #require(try read(Array(json.utf8)).spans.first?.span)
        #expect(span.traceID.hex == "000000000000000100000000000000ab" && span.spanID.value == 0xCD)
        #expect(span.parentSpanID == nil && span.startTime == 5 && span.length == 4)
        #expect(span.attributes.map(\.value) == [.int(-3), .empty])
    }

    @Test("A last line without its end is passed over and said, however much of it is there")
    func killedWriter() throws {
        let (first, second) = (Self.line([Self.span("a", 1)]) + [0x0A], Self.line([Self.span("b", 2)]))
        for length in [1, second.count / 2, second.count - 1] {
            let recording = try read(first + second.prefix(length))
            #expect(recording.spans.map(\.span.name) == ["a"] && recording.isCut)
            #expect(recording.brokenLines == 0)
        }
        let whole = try read(first + second)
        #expect(whole.spans.count == 2 && !whole.isCut)
    }

    @Test("A line that is none is counted, the others are read, and a span that is there twice counts once")
    func broken() throws {
        let good = Self.line([Self.span("a", 1)])
        let bad = ["{", "[]", "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"x\"}]}]}]}", "\u{FFFD}"]
        let lines = [good] + bad.map { Array($0.utf8) } + [[], good, Self.line([Self.span("b", 2)])]
        let recording = try read(lines.flatMap { $0 + [0x0A] })
        #expect(recording.spans.map(\.span.name) == ["a", "b"])
        #expect(recording.brokenLines == bad.count && !recording.isCut)
    }

    @Test("Spans beyond the bound are left out and counted")
    func bounded() throws {
        let many = (0..<UInt64(1000)).map { Self.span("s", $0 + 1) }
        let line = Self.line(many) + [0x0A]
        let count = TraceRecording.maximumSpans / 1000 + 2
        let recording = try read(Array(repeatElement(line, count: count).joined()))
        #expect(recording.omitted == 2000)
        #expect(recording.spans.count == 1000)
    }

    @Test("Each span stands after its parent, siblings by their start, with the branches that lead to it")
    func tree() {
        let tree = Self.tree([
            Self.span("late", 4, parent: 1, 500...600), Self.span("leaf", 3, parent: 2, 20...30),
            Self.span("early", 2, parent: 1, 10...400), Self.span("root", 1),
        ])
        #expect(tree.rows.map(\.span.name) == ["root", "early", "leaf", "late"])
        #expect(tree.rows.map(\.depth) == [0, 1, 2, 1])
        #expect(tree.rows.map(\.continues) == [[], [true], [true, false], [false]])
        #expect(tree.rows.map(\.descendants) == [3, 1, 0, 0])
        #expect(tree.rows.allSatisfy { !$0.isOrphan })
    }

    @Test("Without its root a trace is readable, and spans that are each other's parents are shown once each")
    func orphans() {
        let lost = Self.tree([Self.span("b", 2, parent: 9, 5...9), Self.span("c", 3, parent: 2), Self.span("a", 1)])
        #expect(lost.rows.filter(\.isOrphan).map(\.span.name) == ["b"])
        #expect(lost.rows.map(\.span.name).sorted() == ["a", "b", "c"])
        let ring = Self.tree([
            Self.span("a", 1, parent: 2), Self.span("b", 2, parent: 1), Self.span("self", 3, parent: 3),
            Self.span("below", 4, parent: 2),
        ])
        #expect(ring.rows.map(\.span.name).sorted() == ["a", "b", "below", "self"])
        #expect(Self.tree([]).rows.isEmpty)
    }

    @Test("A chain of 20,000 spans is shown, the deep ones at the greatest depth")
    func deep() {
        let chain = (1...UInt64(20_000)).map { Self.span("s\($0)", $0, parent: $0 == 1 ? nil : $0 - 1) }
        let tree = Self.tree(chain)
        #expect(tree.rows.count == 20_000)
        #expect(tree.rows.map(\.depth).max() == TraceTree.maximumDepth)
        let lines = Waterfall(tree, width: 80, showsEvents: true).lines
        #expect(lines.allSatisfy { $0.displayWidth <= 80 })
    }

    @Test("The waterfall of a small trace, in full")
    func waterfall() {
        var tool = Self.span("execute_tool Bash", 3, parent: 2, 250...500, error: "exit code 1")
        tool.attributes = [Attribute(key: "error.type", value: .string("exit_1"))]
        let denied = Attribute(key: "tool", value: .string("Write\n\u{1B}[2J"))
        tool.events = [SpanRecord.Event(time: 1_300_000_000, name: "denied", attributes: [denied])]
        let tree = Self.tree([
            Self.span("task", 1), Self.span("invoke_agent claude-code", 2, parent: 1, 100...800), tool,
            Self.span("verify", 4, parent: 1, 900...1000),
        ])
        let lines = Waterfall(tree, width: 80, showsEvents: true).lines.map(\.plain)
        #expect(
            lines.joined(separator: "\n") == """
                                                           0                              1.00 s
                task                                1.00 s █████████████████████████████████████
                ├─ invoke_agent claude-code         700 ms    ██████████████████████████▋
                │  └─ execute_tool Bash ✘ exit_1    250 ms          █████████▌
                │         ✘ exit code 1
                │         ◆ denied  +300 ms  tool=Write ␛[2J
                └─ verify                           100 ms                                  ████
                """,
            "\(lines.joined(separator: "\n"))"
        )
    }

    @Test("No line is wider than the page, and the columns stand under each other", arguments: [40, 61, 80, 137, 400])
    func widths(width: Int) {
        let names = [
            "日本語の名前がとても長い", "e\u{301}e\u{301}", String(repeating: "long", count: 200), "👩‍👩‍👧 🇩🇪", "\u{1B}[2J\nx\ty",
        ]
        let spans = names.enumerated().map { index, name in
            Self.span(name, UInt64(index) + 1, parent: index == 0 ? nil : UInt64(index), 10...20, error: "破損" + name)
        }
        let tree = Self.tree(spans + [Self.span("root of none", 99, parent: 77, 0...1000)])
        let lines = Waterfall(tree, width: width, showsEvents: true).lines
        for line in lines {
            #expect(line.displayWidth <= width, "\(line.plain)")
            #expect(!line.plain.contains("\u{1B}") && !line.plain.contains("\n") && !line.plain.contains("\t"))
        }
        // The unit of each length of time ends in the same column.
        let ends = lines.dropFirst().compactMap { line -> Int? in
            guard let unit = line.plain.range(of: " ms ") ?? line.plain.range(of: " s ") else { return nil }
            return String(line.plain[..<unit.upperBound]).displayWidth
        }
        let page = lines.map(\.plain).joined(separator: "\n")
        #expect(Set(ends).count == 1 && ends.count == tree.rows.count, "\(ends)\n\(page)")
    }

    @Test(
        "Lengths of time have three digits",
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (12_340, "12.3 µs"), (999_499, "999 µs"),
            (999_500, "1.00 ms"), (99_949_999, "99.9 ms"), (520_000_000, "520 ms"), (999_499_999, "999 ms"),
            (999_500_000, "1.00 s"), (9_994_000_000, "9.99 s"), (99_940_000_000, "99.9 s"), (99_960_000_000, "1m 40s"),
            (3_599_000_000_000, "59m 59s"), (7_380_000_000_000, "2h 3m"),
        ] as [(UInt64, String)]
    )
    func times(nanoseconds: UInt64, text: String) {
        #expect(SpanTime.text(nanoseconds: nanoseconds) == text)
    }

    @Test(
        "The address of Jaeger is an http URL, to which a path can be added",
        arguments: [
            ("http://h:1", "http://h:1/trace/x"), ("https://h/jaeger//", "https://h/jaeger/trace/x"), ("h:1", nil),
            ("ftp://h", nil), ("http://h?a", nil), ("http://h#a", nil), ("", nil), ("http://", nil),
        ] as [(String, String?)]
    )
    func jaeger(text: String, page: String?) {
        #expect(JaegerURL(text)?.page(ofTrace: "x") == page)
    }
}
