import Foundation
import Testing

@Suite("What the collector has not taken yet", .timeLimit(.minutes(2)))
struct SpoolCommandTests {
    @Test("Without a spool there is nothing to show and nothing to send")
    func nothing() async throws {
        let receiver = try await Receiver()
        let place = try Place(collector: receiver.server.url)
        let status = try await place.run(["telemetry", "status"])
        #expect(status.code == 0)
        #expect(status.output.contains("Waiting: 0 spans in 0 requests\n"), "\(status.output)")
        let flush = try await place.run(["telemetry", "flush"])
        #expect(flush.code == 0)
        #expect(flush.output.contains("Waiting: nothing\n"), "\(flush.output)")
        #expect(try receiver.requests("traces").isEmpty)
    }

    @Test("What was kept is shown, stays while nobody takes it, and a flush sends it")
    func flush() async throws {
        let port = try ClosedPort()
        let place = try Place(collector: port.url)
        let run = try await place.replay("hello_world")
        let status = try await place.run(["telemetry", "status", "--json"]).json
        #expect(status["spans"] == 12)
        #expect(status["requests"] == 1)
        #expect(status["directory"] == .string(place.state + "/spool"))

        let refused = try await place.run(["telemetry", "flush", "--timeout", "5s"])
        #expect(refused.code == 1)
        #expect(refused.output.contains("Waiting: 12 spans (") && refused.output.contains("Connection refused"))

        let receiver = try await Receiver()
        let address = ["OTEL_EXPORTER_OTLP_ENDPOINT": receiver.server.url]
        let flush = try await place.run(["telemetry", "flush"], environment: address)
        #expect(flush.code == 0)
        #expect(flush.output == "Sent:    12 spans to \(receiver.server.url)\nWaiting: nothing\n")
        #expect(try receiver.spans(ofTrace: run.traceID).count == 12)
        let after = try await place.run(["telemetry", "status"])
        #expect(after.output.contains("Waiting: 0 spans in 0 requests\n"), "\(after.output)")
    }

    @Test("What a run had open when it was killed arrives as ended, with error.type process_killed")
    func killed() async throws {
        let port = try ClosedPort()
        let place = try Place(collector: port.url)
        let arguments = [
            "task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "local", "--replay-speed", "0.01",
        ]
        let program = try place.start(
            arguments + ["--agent", Equipment.replay("hello_world"), "--workspace", place.workspace]
        )
        // The stream has its first line while the agent's span is open.
        _ = try await eventually("the attempt's stream") {
            let runs = (try? FileManager.default.contentsOfDirectory(atPath: place.state + "/runs")) ?? []
            return runs.first { run in
                let stream = FileManager.default.contents(atPath: "\(place.state)/runs/\(run)/stream.jsonl")
                return stream?.isEmpty == false
            }
        }
        program.send(signal: SIGKILL)
        #expect(try await program.end().code == 128 + SIGKILL)
        let status = try await place.run(["telemetry", "status", "--json"]).json
        #expect(status["killed_processes"].array.count == 1)

        let receiver = try await Receiver()
        let address = ["OTEL_EXPORTER_OTLP_ENDPOINT": receiver.server.url]
        let flush = try await place.run(["telemetry", "flush"], environment: address)
        #expect(flush.code == 0, "\(flush.output)\(flush.errors)")
        let trace = try #require(
            try receiver.requests("traces").first?["request"]["resourceSpans"].array.first?["scopeSpans"].array.first?[
                "spans"
            ].array.first?["traceId"].string
        )
        let spans = try receiver.spans(ofTrace: trace)
        let root = try #require(spans.first { $0.name == "orchestrator.task" })
        #expect(root.isError)
        #expect(root.attributes["error.type"] == "process_killed")
        #expect(root.attributes["task.id"] == "1.1")
        let sandbox = try #require(spans.first { $0.name == "orchestrator.sandbox" }, "what had ended stays as it was")
        #expect(sandbox.attributes["error.type"] == nil)
        #expect(Set(spans.map(\.spanID)).count == spans.count)
    }
}
