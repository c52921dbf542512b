import Testing

@testable import OTLPWire

/// OTLP JSON, judged by protobuf's own reader of JSON over PyPI's schema: it must say what the bytes say.
struct JSONTests {
    private let judge: PythonJudge

    init() throws { judge = try PythonJudge() }

    @Test("A line of OTLP JSON says what the encoded spans say")
    func traces() throws {
        try expectSame(Samples.trace.json, Samples.trace.encoded(), "trace_request")
    }

    @Test("A line of OTLP JSON says what the encoded metrics say")
    func metrics() throws {
        try expectSame(Samples.metrics.json, Samples.metrics.encoded(), "metrics_request")
    }

    @Test("A line of OTLP JSON says what the encoded log records say")
    func logs() throws {
        try expectSame(Samples.logs.json, Samples.logs.encoded(), "logs_request")
    }

    @Test("A line of OTLP JSON keeps the exemplars that were received, of every kind of point")
    func exemplars() throws {
        let exemplars = """
            "exemplars": [{"as_double": 0.5, "time_unix_nano": 7, "span_id": "AAAAAAAAAAE=",
              "trace_id": "AAAAAAAAAAAAAAAAAAAAAg==",
              "filtered_attributes": [{"key": "k", "value": {"string_value": "v"}}]}, {"as_int": 0}]
            """
        let bytes = try judge.bytes(
            of: """
                {"resource_metrics": [{"resource": {}, "scope_metrics": [{"scope": {}, "metrics": [
                  {"name": "g", "gauge": {"data_points": [{"time_unix_nano": 3, "as_int": 1, \(exemplars)}]}},
                  {"name": "h", "histogram": {"aggregation_temporality": 2, "data_points": [{"count": 1, \(exemplars)}]}},
                  {"name": "e", "exponential_histogram": {"aggregation_temporality": 1, "data_points": [
                    {"count": 1, "positive": {"offset": 2, "bucket_counts": [1]}, \(exemplars)}]}}
                ]}]}]}
                """,
            as: "metrics_request"
        )
        let request = try #require(try ExportMetricsRequest.decode(bytes).first)
        try expectSame(request.json, bytes, "metrics_request")
    }

    @Test("OTLP JSON keeps every kind of attribute value, and every character of a text")
    func attributes() throws {
        let values: [AttributeValue] = [
            .string(""), .string("\u{0}\u{1}\t\n\r\u{1F}\"\\/\u{7F}\u{2028}é漢😀"), .bool(false), .bool(true), .int(.min),
            .int(.max), .int(0), .double(0), .double(-0.0), .double(.nan), .double(.infinity), .double(-.infinity),
            .double(.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude), .double(0.1), .bytes([]), .bytes([0]),
            .bytes([0xFF, 0xFE]), .bytes(Array(0...255)), .empty, .array([]),
            .array([.empty, .int(1), .array([.bool(true)])]),
            .map([]), .map([Attribute(key: "", value: .map([Attribute(key: "deep", value: .string("x"))]))]),
        ]
        let request = Samples.trace(
            attributes: values.enumerated().map { Attribute(key: "key\u{22} \($0)", value: $1) }
        )
        try expectSame(request.json, request.encoded(), "trace_request")
    }

    @Test("A line of OTLP JSON has no newline in it, whatever the texts hold")
    func oneLine() {
        let request = Samples.trace(attributes: [Attribute(key: "a\nb", value: .string("c\r\nd"))])
        #expect(!request.json.contains(0x0A))
        #expect(!request.json.contains(0x0D))
    }

    private func expectSame(_ line: [UInt8], _ bytes: [UInt8], _ message: String) throws {
        #expect(try judge.json(ofLine: line, as: message) == judge.json(of: bytes, as: message))
    }
}
