import OTLPWire
import Testing

@Suite("Decoding")
struct DecodingTests {
    @Test("gives back what was encoded: traces, metrics and logs")
    func roundTrips() throws {
        #expect(try ExportTraceRequest.decode(Samples.trace.encoded()) == [Samples.trace])
        #expect(try ExportMetricsRequest.decode(Samples.metrics.encoded()) == [Samples.metrics])
        #expect(try ExportLogsRequest.decode(Samples.logs.encoded()) == [Samples.logs])
    }

    @Test("gives one request for each resource, as when two exports are put together")
    func severalResources() throws {
        var other = Samples.trace
        other.resource.attributes = [Attribute(key: "service.name", value: .string("other"))]
        #expect(try ExportTraceRequest.decode(Samples.trace.encoded() + other.encoded()) == [Samples.trace, other])
        #expect(try ExportTraceRequest.decode([]) == [])
    }

    @Test("reads a trace that opentelemetry-proto wrote, and leaves out what has no value here")
    func foreignTrace() throws {
        let bytes = try PythonJudge().bytes(
            of: #"""
                {"resource_spans": [{"schema_url": "r", "scope_spans": [{"spans": [{
                  "trace_id": "AQIDBAUGBwj5+vv8/f7/AA==", "span_id": "AAAAAAAAAAE=", "kind": 77,
                  "parent_span_id": "AAAAAAAAAAA=", "name": "ü\u0000", "flags": 4294967295,
                  "attributes": [
                    {"key": "indexed", "key_strindex": 4, "value": {"string_value_strindex": 9}}, {"key": "none"}
                  ],
                  "status": {"code": 9, "message": "later"}
                }]}], "resource": {"entity_refs": [{"type": "host"}], "dropped_attributes_count": 1}}]}
                """#,
            as: "trace_request"
        )
        var span = Samples.bareSpan
        span.kind = .unspecified
        span.name = "ü\0"
        span.flags = .max
        span.attributes = [Attribute(key: "indexed", value: .empty), Attribute(key: "none", value: .empty)]
        span.status.message = "later"
        let expected = ExportTraceRequest(
            resource: Resource(schemaURL: "r"),
            scopes: [ScopedSpans(scope: InstrumentationScope(name: ""), spans: [span])]
        )
        #expect(try ExportTraceRequest.decode(bytes) == [expected])
    }

    @Test("leaves out metrics of kinds that have no value here")
    func foreignMetrics() throws {
        let bytes = try PythonJudge().bytes(
            of: #"""
                {"resource_metrics": [{"scope_metrics": [{"metrics": [
                  {"name": "e", "exponential_histogram": {"data_points": [{"count": 1}]}},
                  {"name": "s", "summary": {}}, {"name": "nothing"},
                  {"name": "g", "gauge": {"data_points": [{"time_unix_nano": 3, "exemplars": [{"as_int": 4}]}]}}
                ]}]}]}
                """#,
            as: "metrics_request"
        )
        let histogram = MetricRecord(
            name: "e",
            data: .exponentialHistogram(
                [ExponentialHistogramPoint(startTime: 0, time: 0, count: 1)],
                temporality: .unspecified
            )
        )
        let exemplar = Exemplar(time: 0, value: .int(4))
        let point = NumberPoint(startTime: 0, time: 3, value: .int(0), exemplars: [exemplar])
        let gauge = MetricRecord(name: "g", data: .gauge([point]))
        let expected = ExportMetricsRequest(
            resource: Resource(),
            scopes: [ScopedMetrics(scope: InstrumentationScope(name: ""), metrics: [histogram, gauge])]
        )
        #expect(try ExportMetricsRequest.decode(bytes) == [expected])
    }

    @Test("takes bucket counts one by one as well as packed")
    func unpackedNumbers() throws {
        // HistogramDataPoint with field 6 three times: once alone, once packed with two, once alone.
        let number: (UInt8) -> [UInt8] = { value in [value, 0, 0, 0, 0, 0, 0, 0] }
        let point: [UInt8] = [0x31] + number(1) + [0x32, 16] + number(2) + number(3) + [0x31] + number(4)
        // resource_metrics, scope_metrics, metrics, histogram, data_points.
        let request = [1, 9, 2, 2, 1].reduce(point) { inner, number in WireBytes.message(number, inner) }
        let metrics = try ExportMetricsRequest.decode(request)
        guard case .histogram(let points, _) = metrics.first?.scopes.first?.metrics.first?.data else {
            Issue.record("no histogram in \(metrics)")
            return
        }
        #expect(points.map(\.bucketCounts) == [[1, 2, 3, 4]])
    }
}
