import OTLPWire
import Testing

@Suite("Encoded attributes, read by opentelemetry-proto")
struct AttributeEncodingTests {
    /// A value and protobuf's JSON for it.
    private static let values: [(AttributeValue, String)] = [
        (.empty, "{}"),
        (.string("plain"), #"{"string_value": "plain"}"#),
        (.string(""), #"{"string_value": ""}"#),
        (.string("Zürich 東京 👩‍🚀 \u{10FFFF}"), "{\"string_value\": \"Zürich 東京 👩‍🚀 \u{10FFFF}\"}"),
        (.string("\u{FEFF}\u{2028}\u{7F}\n"), #"{"string_value": "\uFEFF\u2028\u007F\n"}"#),
        (.string("\0"), #"{"string_value": "\u0000"}"#),
        (.string("a\0b\0"), #"{"string_value": "a\u0000b\u0000"}"#),
        (.bool(false), #"{"bool_value": false}"#),
        (.bool(true), #"{"bool_value": true}"#),
        (.int(0), #"{"int_value": "0"}"#),
        (.int(.max), #"{"int_value": "9223372036854775807"}"#),
        (.int(.min), #"{"int_value": "-9223372036854775808"}"#),
        (.double(0), #"{"double_value": 0.0}"#),
        (.double(-0.0), #"{"double_value": -0.0}"#),
        (.double(0.1), #"{"double_value": 0.1}"#),
        (.double(.infinity), #"{"double_value": "Infinity"}"#),
        (.double(-.infinity), #"{"double_value": "-Infinity"}"#),
        (.double(.nan), #"{"double_value": "NaN"}"#),
        (.double(.leastNonzeroMagnitude), #"{"double_value": 5e-324}"#),
        (.bytes([]), #"{"bytes_value": ""}"#),
        (.bytes([0, 255, 0]), #"{"bytes_value": "AP8A"}"#),
        (.array([]), #"{"array_value": {}}"#),
        (
            .array([.string(""), .int(1), .empty, .array([.bool(true)])]),
            """
            {"array_value": {"values": [
              {"string_value": ""}, {"int_value": "1"}, {}, {"array_value": {"values": [{"bool_value": true}]}}
            ]}}
            """
        ),
        (.map([]), #"{"kvlist_value": {}}"#),
        (
            .map([
                Attribute(key: "", value: .string("under an empty key")),
                Attribute(key: "inner", value: .map([Attribute(key: "list", value: .array([.double(1.5)]))])),
            ]),
            """
            {"kvlist_value": {"values": [
              {"value": {"string_value": "under an empty key"}},
              {"key": "inner", "value": {"kvlist_value": {"values": [
                {"key": "list", "value": {"array_value": {"values": [{"double_value": 1.5}]}}}
              ]}}}
            ]}}
            """
        ),
    ]

    @Test("keep every kind of value, empty strings, U+0000, extremes and nesting included")
    func everyKind() throws {
        let attributes = Self.values.enumerated().map { index, pair in
            Attribute(key: "k\(index)", value: pair.0)
        }
        let expected = Self.values.enumerated().map { index, pair in #"{"key": "k\#(index)", "value": \#(pair.1)}"# }
        let json = try PythonJudge().json(of: Samples.trace(attributes: attributes).encoded(), as: "trace_request")
        #expect(
            try json
                == PythonJudge.canonical(
                    """
                    {"resource_spans": [{"resource": {}, "scope_spans": [{"scope": {}, "spans": [{
                      "trace_id": "AQIDBAUGBwj5+vv8/f7/AA==", "span_id": "AAAAAAAAAAE=", "kind": "SPAN_KIND_INTERNAL",
                      "attributes": [\(expected.joined(separator: ","))]
                    }]}]}]}
                    """
                )
        )
    }

    @Test("U+0000 is kept in every string of a request, two in one message included")
    func nulEverywhere() throws {
        var span = Samples.bareSpan
        span.name = "n\0"
        span.traceState = "\0t"
        span.attributes = [Attribute(key: "k\0ey", value: .string(String(repeating: "x\0", count: 200)))]
        span.events = [SpanRecord.Event(time: 1, name: "e\0")]
        span.links = [SpanRecord.Link(traceID: Samples.traceID, spanID: SpanID(value: 1), traceState: "l\0")]
        span.status = SpanRecord.Status(code: .error, message: "m\0")
        let scope = InstrumentationScope(name: "s\0", version: "v\0", schemaURL: "u\0")
        let request = ExportTraceRequest(
            resource: Resource(schemaURL: "r\0"),
            scopes: [ScopedSpans(scope: scope, spans: [span])]
        )
        let bytes = request.encoded()
        let json = try PythonJudge().json(of: bytes, as: "trace_request")
        for text in ["n", "e", "l", "m", "s", "v", "u", "r"] {
            #expect(json.contains(#""\#(text)\u0000""#))
        }
        #expect(json.contains(#""\u0000t""#) && json.contains(#""k\u0000ey""#))
        #expect(json.contains(String(repeating: #"x\u0000"#, count: 200)))
        #expect(try ExportTraceRequest.decode(bytes) == [request])
    }

    @Test("The deepest nesting that is written is taken, even in an event; what is deeper says so")
    func nesting() throws {
        func nested(_ levels: Int) -> AttributeValue {
            (0..<levels).reduce(.string("bottom")) { value, _ in .map([Attribute(key: "k", value: value)]) }
        }
        func json(_ levels: Int) throws -> String {
            var span = Samples.bareSpan
            span.events = [
                SpanRecord.Event(time: 1, name: "e", attributes: [Attribute(key: "deep", value: nested(levels))])
            ]
            let request = ExportTraceRequest(
                resource: Resource(),
                scopes: [ScopedSpans(scope: InstrumentationScope(name: ""), spans: [span])]
            )
            return try PythonJudge().json(of: request.encoded(), as: "trace_request")
        }
        #expect(try json(AttributeValue.maximumDepth).contains("bottom"))
        let deeper = try json(AttributeValue.maximumDepth + 1)
        #expect(deeper.contains("[nested deeper than 30 levels]") && !deeper.contains("bottom"))
        #expect(try json(2000).contains("[nested deeper than 30 levels]"))
    }
}
