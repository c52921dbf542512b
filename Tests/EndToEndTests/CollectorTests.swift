import Foundation
import Testing

@Suite("Whatever the collector does", .timeLimit(.minutes(2)))
struct CollectorTests {
    /// The result must be the one that it always is.
    private func checkResult(_ end: Program.End) {
        #expect(end.code == 0)
        #expect(end.errors == "")
        #expect(end.output.contains("COMPLETED ("), "\(end.output)")
    }

    @Test("Without a collector the spans are kept, and leave first with the next run, which says so")
    func absent() async throws {
        let port = try ClosedPort()
        let place = try Place(collector: nil)
        let first = try await place.replay("hello_world", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": port.url])
        checkResult(first)
        #expect(first.output.contains("12 spans kept in \(place.state)/spool"), "\(first.output)")
        #expect(!place.spool.isEmpty)

        let receiver = try await Receiver()
        let address = ["OTEL_EXPORTER_OTLP_ENDPOINT": receiver.server.url]
        let second = try await place.replay("hello_world", environment: address)
        checkResult(second)
        #expect(second.output.contains("12 spans of earlier runs sent"), "\(second.output)")
        #expect(place.spool.isEmpty)
        let traces = try receiver.requests("traces").map { String(describing: $0) }
        #expect(traces.count == 2)
        #expect(traces.first?.contains(try #require(first.traceID)) == true, "what is older leaves first")
        #expect(try receiver.spans(ofTrace: first.traceID).count == 12)
        #expect(try receiver.spans(ofTrace: second.traceID).count == 12)
    }

    @Test("Metrics are never kept: the next collection reads them anew")
    func metricsAnew() async throws {
        let port = try ClosedPort()
        let place = try Place(collector: nil)
        _ = try await place.replay("failed", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": port.url])
        let files = place.spool
        let data = try files.map { try Data(contentsOf: URL(filePath: "\(place.state)/spool/\($0)")) }
        #expect(!data.contains { $0.range(of: Data("orchestrator_tasks_total".utf8)) != nil })
        #expect(data.contains { $0.range(of: Data("orchestrator.task".utf8)) != nil })
    }

    @Test("A collector that takes the call and never answers costs a bound, and the spans are kept")
    func silent() async throws {
        let receiver = try await Receiver(script: #"{"*": [{"reply": "never"}]}"#)
        let place = try Place(collector: receiver.server.url)
        let end = try await place.replay("hello_world", environment: ["ORCHESTRATOR_TELEMETRY_TIMEOUT": "300ms"])
        checkResult(end)
        #expect(end.output.contains("12 spans kept in \(place.state)/spool"), "\(end.output)")
        #expect(!place.spool.isEmpty)
    }

    @Test("A collector that refuses is named in one line; nothing is kept, and the result stands")
    func refusing() async throws {
        let script = #"{"*": [{"reply": "error", "code": "INVALID_ARGUMENT", "message": "not like this"}]}"#
        let receiver = try await Receiver(script: script)
        let place = try Place(collector: receiver.server.url)
        let end = try await place.replay("hello_world")
        checkResult(end)
        #expect(end.output.contains("12 spans refused by the collector"), "\(end.output)")
        #expect(place.spool.isEmpty)
    }

    @Test("A collector that takes only some says so, and so do we")
    func partial() async throws {
        let receiver = try await Receiver(script: #"{"traces": [{"reply": "partial", "rejected": 3}]}"#)
        let place = try Place(collector: receiver.server.url)
        let end = try await place.replay("hello_world")
        checkResult(end)
        #expect(end.output.contains("3 spans refused by the collector"), "\(end.output)")
        #expect(place.spool.isEmpty)
    }

    @Test("What a collector that is busy at exit did not take, it gets with the next run")
    func busy() async throws {
        let script = #"{"traces": [{"reply": "error", "code": "UNAVAILABLE", "times": 1}, {"reply": "ok"}]}"#
        let receiver = try await Receiver(script: script)
        let place = try Place(collector: receiver.server.url)
        let first = try await place.replay("hello_world")
        checkResult(first)
        #expect(first.output.contains("12 spans kept in"), "\(first.output)")
        let second = try await place.replay("hello_world")
        #expect(second.output.contains("12 spans of earlier runs sent"), "\(second.output)")
        #expect(try receiver.requests("traces").map { $0["reply"] } == ["error", "ok", "ok"])
        #expect(place.spool.isEmpty)
    }

    @Test("JSON stays alone on standard output without a collector too")
    func json() async throws {
        let port = try ClosedPort()
        let place = try Place(collector: port.url)
        let end = try await place.replay("hello_world", ["--json"])
        #expect(end.code == 0)
        #expect(try end.json["status"] == "completed")
    }

    @Test("OTLP_ENDPOINT names the collector too; OTEL_EXPORTER_OTLP_ENDPOINT goes before it")
    func alias() async throws {
        let port = try ClosedPort()
        let receiver = try await Receiver.shared
        let aliased = try await Place(collector: nil, environment: ["OTLP_ENDPOINT": receiver.server.url])
            .replay("hello_world")
        #expect(try receiver.spans(ofTrace: aliased.traceID).count == 12)
        let both = try await Place(collector: receiver.server.url, environment: ["OTLP_ENDPOINT": port.url])
            .replay("hello_world")
        #expect(try receiver.spans(ofTrace: both.traceID).count == 12)
    }

    @Test("OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES reach the resource")
    func resource() async throws {
        let receiver = try await Receiver.shared
        let names = ["OTEL_SERVICE_NAME": "mine", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"]
        let place = try Place(collector: receiver.server.url, environment: names)
        let end = try await place.replay("hello_world")
        let resource = try #require(try receiver.spans(ofTrace: end.traceID).first?.resource)
        #expect(resource["service.name"] == "mine")
        #expect(resource["deployment.environment.name"] == "test")
    }

    @Test("Spans can go to the standard output as OTLP JSON lines, and then nobody says that a collector has them")
    func console() async throws {
        let receiver = try await Receiver()
        let exporters = ["OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none"]
        let place = try Place(collector: receiver.server.url, environment: exporters)
        let end = try await place.replay("hello_world")
        checkResult(end)
        #expect(end.output.contains("12 spans sent to standard output"), "\(end.output)")
        let line = try #require(end.output.split(separator: "\n").first { $0.hasPrefix("{\"resourceSpans\":[") })
        let spans = try JSON(Data(line.utf8))["resourceSpans"].array.flatMap { $0["scopeSpans"].array }
            .flatMap { $0["spans"].array }
        #expect(spans.count == 12)
        #expect(spans.allSatisfy { $0["traceId"].string == end.traceID })
        #expect(try receiver.requests("traces").isEmpty)
    }

    @Test("With the SDK disabled nothing leaves and nothing is kept")
    func disabled() async throws {
        let receiver = try await Receiver()
        let place = try Place(collector: receiver.server.url, environment: ["OTEL_SDK_DISABLED": "true"])
        let end = try await place.replay("hello_world")
        checkResult(end)
        #expect(try receiver.requests("traces").isEmpty)
        #expect(try receiver.requests("metrics").isEmpty)
        #expect(place.spool.isEmpty)
    }
}
