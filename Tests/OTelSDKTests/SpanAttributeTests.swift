import Instrumentation
import OTLPWire
import Synchronization
import Testing
import Tracing

@testable import OTelSDK

@Suite("Attributes of a span, set in both ways")
struct SpanAttributeTests {
    /// Ends the span that `body` fills and gives what arrived, with its attributes by key.
    private func record(
        _ configuration: OTelConfiguration = .stub(),
        _ body: (OTelSpan) async -> Void
    ) async throws -> (span: SpanRecord, values: [String: AttributeValue]) {
        let collector = FakeCollector()
        let otel = OTel.stub(configuration, collector)
        let span = otel.tracer.startSpan("s", context: .topLevel)
        await body(span)
        span.end()
        await otel.shutdown()
        let record = try #require(try collector.spans.first)
        return (record, Dictionary(uniqueKeysWithValues: record.attributes.map { ($0.key, $0.value) }))
    }

    @Test("The quick setters take every type, and the last value of a key holds")
    func setters() async throws {
        let values = try await record { span in
            span.setAttribute("string", "old")
            span.setAttribute("string", "new\u{0}")
            span.setAttribute("int", -1)
            span.setAttribute("double", 0.5)
            span.setAttribute("bool", true)
            span.setAttribute("strings", ["", "x"])
            span.setAttribute("ints", [1, 2])
            span.setAttribute("doubles", [0.5])
            span.setAttribute("bools", [false])
        }.values
        #expect(
            values == [
                "string": .string("new\u{0}"), "int": .int(-1), "double": .double(0.5), "bool": .bool(true),
                "strings": .array([.string(""), .string("x")]), "ints": .array([.int(1), .int(2)]),
                "doubles": .array([.double(0.5)]), "bools": .array([.bool(false)]),
            ]
        )
    }

    @Test("Both ways mix in any order, and each reads what the other wrote")
    func mixed() async throws {
        let (span, values) = try await record { span in
            span.setAttribute("a", 1)
            span.setAttribute("gone", "x")
            span.setAttribute("list", ["y"])
            #expect(span.attributes.get("a") == .int64(1) && span.attributes.count == 3)
            span.attributes["b"] = 2
            span.attributes["gone"] = nil
            span.setAttribute("a", 3)
            span.updateAttributes { $0["c"] = "d" }
            #expect(span.attributes.get("a") == .int64(3) && span.attributes.get("list") == .stringArray(["y"]))
        }
        #expect(values == ["a": .int(3), "b": .int(2), "c": .string("d"), "list": .array([.string("y")])])
        #expect(span.droppedAttributes == 0)
    }

    @Test("The limits hold for the quick setters too")
    func limits() async throws {
        var configuration = OTelConfiguration.stub()
        configuration.spanLimits.attributes = 2
        configuration.spanLimits.attributeValueLength = 3
        let (span, values) = try await record(configuration) { span in
            span.setAttribute("a", "12345")
            span.setAttribute("b", ["12345"])
            span.setAttribute("c", 1)
            span.setAttribute("a", "67890")
            span.attributes["d"] = 1
        }
        #expect(values == ["a": .string("678"), "b": .array([.string("123")])])
        #expect(span.droppedAttributes == 2)
    }

    @Test("Threads that set attributes at the same time lose none")
    func threads() async throws {
        let values = try await record { span in
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        for number in 0..<12 where thread % 2 == 0 { span.attributes["\(thread).\(number)"] = number }
                        for number in 0..<12 where thread % 2 == 1 { span.setAttribute("\(thread).\(number)", number) }
                    }
                }
            }
        }.values
        #expect(values.count == 96)
    }

    @Test("A span may be used, read and even ended from within a change of its attributes")
    func reentrance() async throws {
        let (span, values) = try await record { span in
            change(&span.attributes) { attributes in
                attributes["a"] = 1
                span.attributes["b"] = 2
                span.setAttribute("c", 3)
                span.addEvent("inside")
                span.end()
                attributes["d"] = 4
            }
            #expect(!span.isRecording)
        }
        #expect(values == ["a": .int(1), "b": .int(2), "c": .int(3), "d": .int(4)])
        #expect(span.events.map(\.name) == ["inside"])
    }

    @Test("A hundred thousand spans that nobody ends leave their memory to the others")
    func abandoned() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(), collector)
        for number in 0..<100_000 { otel.tracer.startSpan("lost", context: .topLevel).setAttribute("n", number) }
        otel.makeSpans(1)
        #expect(await otel.shutdown().delivered == 1)
        #expect(try collector.spans.map(\.name) == ["work"])
    }

    private func change(_ attributes: inout SpanAttributes, _ body: (inout SpanAttributes) -> Void) {
        body(&attributes)
    }
}
