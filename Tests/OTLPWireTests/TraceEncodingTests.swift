import OTLPWire
import Testing

@Suite("Encoded traces, read by opentelemetry-proto")
struct TraceEncodingTests {
    @Test("carry every field of a span, its events, links and status, with resource and scope")
    func everyField() throws {
        let json = try PythonJudge().json(of: Samples.trace.encoded(), as: "trace_request")
        #expect(try json == PythonJudge.canonical(Self.expected))
    }

    @Test("A span of each kind and status code arrives as that kind and code")
    func kindsAndCodes() throws {
        let kinds: [SpanRecord.Kind] = [.unspecified, .internal, .server, .client, .producer, .consumer]
        let codes: [SpanRecord.Status.Code] = [.unset, .ok, .error]
        let spans = kinds.map { kind in
            var span = Samples.bareSpan
            span.kind = kind
            span.status = SpanRecord.Status(code: codes[Int(kind.rawValue) % 3])
            return span
        }
        let request = ExportTraceRequest(
            resource: Resource(),
            scopes: [ScopedSpans(scope: InstrumentationScope(name: "kinds"), spans: spans)]
        )
        let json = try PythonJudge().json(of: request.encoded(), as: "trace_request")
        for name in ["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] {
            #expect(json.contains("SPAN_KIND_\(name)"))
        }
        #expect(json.ranges(of: "STATUS_CODE_OK").count == 2)
        #expect(json.ranges(of: "STATUS_CODE_ERROR").count == 2)
        #expect(!json.contains("UNSET") && !json.contains("UNSPECIFIED"))
    }

    @Test("Five thousand spans with long texts fill many chunks and arrive whole")
    func large() throws {
        let spans = (0..<5000).map { number in
            var span = Samples.fullSpan
            span.spanID = SpanID(value: UInt64(number + 1))
            span.name = "span \(number) " + String(repeating: "é", count: number % 300)
            return span
        }
        let request = ExportTraceRequest(
            resource: Samples.resource,
            scopes: [ScopedSpans(scope: Samples.scope, spans: spans)]
        )
        let bytes = request.encoded()
        #expect(try ExportTraceRequest.decode(bytes) == [request])
        #expect(try PythonJudge().json(of: bytes, as: "trace_request").contains("span 4999 éé"))
    }

    @Test("A text larger than any chunk arrives whole")
    func hugeString() throws {
        let text = String(repeating: "0123456789", count: 1_000_000)
        let request = Samples.trace(attributes: [Attribute(key: "prompt", value: .string(text))])
        #expect(try PythonJudge().json(of: request.encoded(), as: "trace_request").contains(text))
    }

    private static let expected = #"""
        {"resource_spans": [{
          "resource": {"attributes": [{"key": "service.name", "value": {"string_value": "orchestrator"}}]},
          "schema_url": "https://opentelemetry.io/schemas/1.44.0",
          "scope_spans": [
            {
              "scope": {
                "name": "runner", "version": "1.2.3",
                "attributes": [{"key": "scope.kind", "value": {"bool_value": true}}]
              },
              "schema_url": "https://example.org/scope",
              "spans": [
                {
                  "trace_id": "AQIDBAUGBwj5+vv8/f7/AA==", "span_id": "ERITFBUWF/g=",
                  "parent_span_id": "oaKjpKWmp6g=", "trace_state": "vendor=1,other=x", "flags": 769,
                  "name": "invoke_agent claude-code", "kind": "SPAN_KIND_CLIENT",
                  "start_time_unix_nano": "1700000000123456789", "end_time_unix_nano": "18446744073709551615",
                  "attributes": [{"key": "task.id", "value": {"string_value": "1.1"}}],
                  "dropped_attributes_count": 3,
                  "events": [{
                    "time_unix_nano": "1700000000200000000", "name": "check",
                    "attributes": [{"key": "passed", "value": {"bool_value": false}}],
                    "dropped_attributes_count": 4294967295
                  }],
                  "dropped_events_count": 4,
                  "links": [{
                    "trace_id": "AAAAAAAAAAEAAAAAAAAAAg==", "span_id": "AAAAAAAAAAM=", "trace_state": "l=1",
                    "attributes": [{"key": "why", "value": {"string_value": "resumed"}}],
                    "dropped_attributes_count": 5, "flags": 256
                  }],
                  "dropped_links_count": 6,
                  "status": {"code": "STATUS_CODE_ERROR", "message": "exit 1"}
                },
                {"trace_id": "AQIDBAUGBwj5+vv8/f7/AA==", "span_id": "AAAAAAAAAAE=", "kind": "SPAN_KIND_INTERNAL"}
              ]
            }
          ]
        }]}
        """#
}
