import OTLPWire
import Testing

@Suite("Encoded metrics and logs, read by opentelemetry-proto")
struct MetricEncodingTests {
    @Test("Sums, gauges and histograms carry every field; an optional one that is zero is there, an absent one is not")
    func metrics() throws {
        let json = try PythonJudge().json(of: Samples.metrics.encoded(), as: "metrics_request")
        #expect(try json == PythonJudge.canonical(Self.expectedMetrics))
    }

    @Test("A log record carries every field, and a bare one nothing but its time")
    func logs() throws {
        let json = try PythonJudge().json(of: Samples.logs.encoded(), as: "logs_request")
        #expect(try json == PythonJudge.canonical(Self.expectedLogs))
    }

    private static let expectedMetrics = #"""
        {"resource_metrics": [{
          "resource": {"attributes": [{"key": "service.name", "value": {"string_value": "orchestrator"}}]},
          "schema_url": "https://opentelemetry.io/schemas/1.44.0",
          "scope_metrics": [{
            "scope": {
              "name": "runner", "version": "1.2.3",
              "attributes": [{"key": "scope.kind", "value": {"bool_value": true}}]
            },
            "schema_url": "https://example.org/scope",
            "metrics": [
              {
                "name": "orchestrator_tasks_total", "unit": "{task}", "description": "Tasks by status",
                "sum": {
                  "aggregation_temporality": "AGGREGATION_TEMPORALITY_CUMULATIVE", "is_monotonic": true,
                  "data_points": [
                    {
                      "attributes": [{"key": "status", "value": {"string_value": "completed"}}],
                      "start_time_unix_nano": "1", "time_unix_nano": "2", "as_int": "9223372036854775807"
                    },
                    {"start_time_unix_nano": "1", "time_unix_nano": "2", "as_int": "-9223372036854775808"},
                    {"start_time_unix_nano": "1", "time_unix_nano": "2", "as_int": "0"}
                  ]
                }
              },
              {
                "name": "cost", "unit": "{USD}",
                "sum": {
                  "aggregation_temporality": "AGGREGATION_TEMPORALITY_DELTA",
                  "data_points": [
                    {"start_time_unix_nano": "1", "time_unix_nano": "2", "as_double": 0.02},
                    {"start_time_unix_nano": "1", "time_unix_nano": "2", "as_double": "-Infinity"}
                  ]
                }
              },
              {
                "name": "live",
                "gauge": {"data_points": [
                  {"time_unix_nano": "2", "as_double": 0.0}, {"time_unix_nano": "2", "as_int": "-1"}
                ]}
              },
              {
                "name": "orchestrator_task_duration_seconds", "unit": "s",
                "histogram": {
                  "aggregation_temporality": "AGGREGATION_TEMPORALITY_CUMULATIVE",
                  "data_points": [
                    {
                      "attributes": [{"key": "status", "value": {"string_value": "failed"}}],
                      "start_time_unix_nano": "10", "time_unix_nano": "20", "count": "3",
                      "sum": 0.0, "min": -0.5, "max": 45.25,
                      "bucket_counts": ["1", "0", "18446744073709551615"], "explicit_bounds": [0.0, 2.5]
                    },
                    {"start_time_unix_nano": "10", "time_unix_nano": "20"}
                  ]
                }
              }
            ]
          }]
        }]}
        """#

    private static let expectedLogs = #"""
        {"resource_logs": [{
          "resource": {"attributes": [{"key": "service.name", "value": {"string_value": "orchestrator"}}]},
          "schema_url": "https://opentelemetry.io/schemas/1.44.0",
          "scope_logs": [{
            "scope": {
              "name": "runner", "version": "1.2.3",
              "attributes": [{"key": "scope.kind", "value": {"bool_value": true}}]
            },
            "schema_url": "https://example.org/scope",
            "log_records": [
              {
                "time_unix_nano": "1", "observed_time_unix_nano": "2",
                "severity_number": "SEVERITY_NUMBER_ERROR", "severity_text": "error",
                "body": {"kvlist_value": {"values": [{"key": "text", "value": {"string_value": ""}}]}},
                "attributes": [{"key": "n", "value": {"int_value": "-7"}}], "dropped_attributes_count": 9,
                "trace_id": "AQIDBAUGBwj5+vv8/f7/AA==", "span_id": "AQIDBAUGBwg=", "flags": 1,
                "event_name": "task.ended"
              },
              {"observed_time_unix_nano": "5"}
            ]
          }]
        }]}
        """#
}
