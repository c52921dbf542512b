import Instrumentation
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

@Suite("Spans carry what was set, within the limits")
struct SpanTests {
    private struct Moment: TracerInstant {
        var nanosecondsSinceEpoch: UInt64

        static func < (left: Moment, right: Moment) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it broke" }
    }

    /// Ends the span that `body` fills and gives what arrived.
    private func record(
        _ configuration: OTelConfiguration = .stub(),
        _ body: (OTelSpan, OTelTracer) -> Void
    ) async throws -> SpanRecord {
        let collector = FakeCollector()
        let otel = OTel.stub(configuration, collector)
        let span = otel.tracer.startSpan("first", context: .topLevel, at: Moment(nanosecondsSinceEpoch: 1_000))
        body(span, otel.tracer)
        span.end(at: Moment(nanosecondsSinceEpoch: 2_000))
        let report = await otel.shutdown()
        #expect(report.ended == 1 && report.delivered == 1 && report.isBalanced)
        return try #require(try collector.spans.first)
    }

    private func value(_ span: SpanRecord, _ key: String) -> AttributeValue? {
        span.attributes.first { $0.key == key }?.value
    }

    @Test("Every type of attribute arrives as itself, and the last value of a key holds")
    func attributeTypes() async throws {
        let span = try await record { span, _ in
            span.attributes["key"] = "old"
            span.attributes["key"] = "new"
            span.attributes["gone"] = 1
            span.attributes["gone"] = nil
            span.attributes["int"] = 7
            span.attributes["int32"] = Int32(-7)
            span.attributes["double"] = 0.5
            span.attributes["bool"] = true
            span.attributes["empty"] = ""
            span.attributes["nul"] = "a\u{0}b"
            span.updateAttributes { attributes in
                attributes.set("ints", value: .int64Array([1, -2]))
                attributes.set("ints32", value: .int32Array([3]))
                attributes.set("doubles", value: .doubleArray([0.25]))
                attributes.set("bools", value: .boolArray([true, false]))
                attributes.set("strings", value: .stringArray(["", "x"]))
                attributes.set("text", value: .stringConvertible(Broken()))
                attributes.set("texts", value: .stringConvertibleArray([Broken()]))
            }
        }
        #expect(value(span, "key") == .string("new"))
        #expect(value(span, "gone") == nil)
        #expect(value(span, "int") == .int(7))
        #expect(value(span, "int32") == .int(-7))
        #expect(value(span, "double") == .double(0.5))
        #expect(value(span, "bool") == .bool(true))
        #expect(value(span, "empty") == .string(""))
        #expect(value(span, "nul") == .string("a\u{0}b"))
        #expect(value(span, "ints") == .array([.int(1), .int(-2)]))
        #expect(value(span, "ints32") == .array([.int(3)]))
        #expect(value(span, "doubles") == .array([.double(0.25)]))
        #expect(value(span, "bools") == .array([.bool(true), .bool(false)]))
        #expect(value(span, "strings") == .array([.string(""), .string("x")]))
        #expect(value(span, "text") == .string("it broke"))
        #expect(value(span, "texts") == .array([.string("it broke")]))
        #expect(span.attributes.count == 14)
    }

    @Test("Name, kind, times, events, errors and status arrive; a name with U+0000 too")
    func wholeSpan() async throws {
        let span = try await record { span, _ in
            span.operationName = "second\u{0}name"
            span.addEvent(SpanEvent(name: "e", at: Moment(nanosecondsSinceEpoch: 1_500), attributes: ["k": "v"]))
            span.recordError(
                Broken(),
                attributes: ["exception.escaped": true],
                at: Moment(nanosecondsSinceEpoch: 1_600)
            )
            span.setStatus(SpanStatus(code: .error, message: "why"))
            span.setStartTime(Moment(nanosecondsSinceEpoch: 1_100))
        }
        #expect(span.name == "second\u{0}name")
        #expect(span.kind == .internal)
        #expect(span.startTime == 1_100 && span.endTime == 2_000)
        #expect(span.parentSpanID == nil)
        #expect(span.flags == 0x103)
        #expect(span.status == SpanRecord.Status(code: .error, message: "why"))
        try #require(span.events.count == 2)
        #expect(span.events[0].time == 1_500)
        #expect(span.events[0].attributes == [Attribute(key: "k", value: .string("v"))])
        #expect(span.events[1].name == "exception")
        let exception = Dictionary(uniqueKeysWithValues: span.events[1].attributes.map { ($0.key, $0.value) })
        #expect(exception["exception.message"] == .string("it broke"))
        #expect(exception["exception.escaped"] == .bool(true))
        #expect(exception["exception.type"] != nil)
    }

    @Test(
        "Ok is final, an error may be overwritten, and only an error has a message",
        arguments: [
            ([SpanStatus.Code.ok, .error], SpanRecord.Status.Code.ok, ""),
            ([.error, .ok], .ok, ""),
            ([.error, .error], .error, "1"),
            ([.ok], .ok, ""),
        ]
    )
    func statusOrder(codes: [SpanStatus.Code], expected: SpanRecord.Status.Code, message: String) async throws {
        let span = try await record { span, _ in
            for (number, code) in codes.enumerated() { span.setStatus(SpanStatus(code: code, message: "\(number)")) }
        }
        #expect(span.status == SpanRecord.Status(code: expected, message: message))
    }

    @Test("After the end nothing changes and nothing is queued again")
    func endIsFinal() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(), collector)
        let span = otel.tracer.startSpan("once", context: .topLevel)
        #expect(span.isRecording)
        span.end(at: Moment(nanosecondsSinceEpoch: 5))
        span.end(at: Moment(nanosecondsSinceEpoch: 9))
        span.operationName = "twice"
        span.attributes["late"] = 1
        span.addEvent("late")
        span.setStatus(SpanStatus(code: .ok))
        #expect(!span.isRecording)
        #expect(await otel.shutdown().ended == 1)
        let record = try #require(try collector.spans.first)
        #expect(try collector.spans.count == 1)
        #expect(record.name == "once" && record.endTime == 5)
        #expect(record.attributes.isEmpty && record.events.isEmpty && record.status.code == .unset)
    }

    @Test("What exceeds a limit is dropped and counted in the span")
    func limits() async throws {
        var configuration = OTelConfiguration.stub()
        configuration.spanLimits.attributes = 2
        configuration.spanLimits.events = 1
        configuration.spanLimits.links = 1
        configuration.spanLimits.attributesPerEvent = 1
        configuration.spanLimits.attributesPerLink = 0
        configuration.spanLimits.attributeValueLength = 3
        let span = try await record(configuration) { span, tracer in
            span.attributes["z"] = "first one"
            span.attributes["y"] = "second"
            span.attributes["a"] = "too many"
            span.attributes["z"] = "fine"
            span.addEvent(SpanEvent(name: "e", attributes: ["a": 1, "b": 2]))
            span.addEvent("too many")
            let other = tracer.startSpan("other", context: .topLevel)
            span.addLink(SpanLink(context: other.context, attributes: ["a": 1]))
            span.addLink(SpanLink(context: other.context, attributes: [:]))
            span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        }
        #expect(value(span, "z") == .string("fin") && value(span, "y") == .string("sec"))
        #expect(span.attributes.count == 2 && span.droppedAttributes == 1)
        #expect(span.events.count == 1 && span.droppedEvents == 1 && span.events[0].droppedAttributes == 1)
        #expect(span.links.count == 1 && span.droppedLinks == 1 && span.links[0].droppedAttributes == 1)
        #expect(span.links[0].flags == 0x103)
    }

    @Test("A span's children are in its trace, and each tracer's scope is its own")
    func tree() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(), collector)
        let library = otel.tracer(named: "library", version: "1.2")
        otel.tracer.withSpan("parent", context: .topLevel, ofKind: .server) { parent in
            library.withSpan("child", ofKind: .client) { child in
                #expect(child.traceID == parent.traceID && child.spanID != parent.spanID)
            }
        }
        await otel.shutdown()
        let request = try #require(try collector.requests(.traces).flatMap { try ExportTraceRequest.decode($0) }.first)
        #expect(request.scopes.map(\.scope.name) == ["library", "stub"])
        #expect(request.scopes.first?.scope.version == "1.2")
        let child = try #require(request.scopes.first?.spans.first)
        let parent = try #require(request.scopes.last?.spans.first)
        #expect(child.parentSpanID == parent.spanID && child.traceID == parent.traceID)
        #expect(child.kind == .client && parent.kind == .server)
        #expect(child.flags == 0x103)
    }

    @Test("A sampler decides for the whole trace, and what is not sampled still has a context")
    func sampling() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub { $0.sampler = .parentBased(root: .alwaysOff) }, collector)
        let root = otel.tracer.startSpan("root", context: .topLevel)
        #expect(!root.isRecording && root.context.traceID?.count == 32)
        let child = otel.tracer.startSpan("child", context: root.context)
        #expect(!child.isRecording && child.traceID == root.traceID)
        root.end()
        child.end()
        var environment: [String: String] = [:]
        otel.tracer.inject(child.context, into: &environment, using: EnvironmentCarrier())
        #expect(environment["TRACEPARENT"]?.hasSuffix("-02") == true)
        let report = await otel.shutdown()
        #expect(report.ended == 0 && collector.requestCount == 0)
    }

    @Test(
        "A ratio is decided by the trace id alone",
        arguments: [
            (0.0, UInt64(0), false), (1.0, UInt64.max, true), (0.5, (UInt64(1) << 55) - 1, true),
            (0.5, UInt64(1) << 55, false), (0.5, UInt64(0xFF) << 56, true),
        ]
    )
    func ratio(ratio: Double, randomness: UInt64, expected: Bool) {
        #expect(Sampler.traceIDRatio(ratio).samples(randomness: randomness, parentIsSampled: nil) == expected)
    }

    @Test(
        "Switched off, the SDK records nothing and hands the caller's context on untouched",
        arguments: [true, false]
    )
    func disabled(byExporter: Bool) async {
        let collector = FakeCollector()
        var configuration = OTelConfiguration.stub()
        if byExporter { configuration.traces.exporters = [] } else { configuration.disabled = true }
        let otel = OTel.stub(configuration, collector)
        otel.start()
        var context = ServiceContext.topLevel
        let parent = ["TRACEPARENT": PropagationTests.valid]
        otel.tracer.extract(parent, into: &context, using: EnvironmentCarrier())
        let span = otel.tracer.startSpan("nothing", context: context)
        #expect(!span.isRecording)
        var environment: [String: String] = [:]
        otel.tracer.inject(span.context, into: &environment, using: EnvironmentCarrier())
        #expect(environment == parent)
        span.end()
        let report = await otel.shutdown()
        #expect(report.ended == 0 && collector.requestCount == 0 && report.isBalanced)
    }
}
