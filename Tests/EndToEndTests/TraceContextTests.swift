import Foundation
import Testing

@Suite("The trace's way in and out", .timeLimit(.minutes(2)))
struct TraceContextTests {
    @Test("The task joins the trace of TRACEPARENT, and the agent gets the span that it works under")
    func joins() async throws {
        let receiver = try await Receiver.shared
        let agent = try StandIn(collector: receiver.server.url)
        let trace = UUID().uuidString.replacing("-", with: "").lowercased()
        let end = try await agent.run(environment: [
            "TRACEPARENT": "00-\(trace)-00f067aa0ba902b7-01", "TRACESTATE": "vendor=value", "BAGGAGE": "user=me",
        ])
        #expect(end.code == 0)
        #expect(end.traceID == trace)
        let spans = try receiver.spans(ofTrace: trace)
        #expect(spans.count == 7)
        let root = try #require(spans.first { $0.name == "orchestrator.task" })
        #expect(root.parentID == "00f067aa0ba902b7")
        let invocation = try #require(spans.first { $0.name == "invoke_agent claude-code" })
        #expect(try agent.variable("TRACEPARENT") == "00-\(trace)-\(invocation.spanID)-01")
        #expect(try agent.variable("TRACESTATE") == "vendor=value")
        #expect(try agent.variable("BAGGAGE") == "user=me")
    }

    @Test("A TRACEPARENT that is none is ignored", arguments: ["", "nonsense", "00-0-0-01"])
    func ignores(_ parent: String) async throws {
        let receiver = try await Receiver.shared
        let agent = try StandIn(collector: receiver.server.url)
        let end = try await agent.run(environment: ["TRACEPARENT": parent])
        #expect(end.code == 0)
        let root = try receiver.spans(ofTrace: end.traceID).first { $0.name == "orchestrator.task" }
        #expect(root != nil)
        #expect(root?.parentID == nil)
    }
}
