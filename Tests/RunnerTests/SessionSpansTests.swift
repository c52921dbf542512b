import Agents
import Foundation
import InMemoryTracing
import Journal
import Sandbox
import Testing
import Tracing

@testable import Runner

@Suite("The spans of a session")
struct SessionSpansTests {
    private let tracer = InMemoryTracer()
    private let tally = OperationTally()

    private func spans(_ tracing: SessionTracing = SessionTracing()) -> SessionSpans {
        SessionSpans(
            tracer: tracer,
            session: tracer.startSpan("invoke_agent claude-code"),
            sessionID: "session",
            agent: FakeAgent(behaviour: .answers(.finished(""))),
            tracing: tracing,
            redact: { $0.replacing("secret", with: "[redacted]") },
            tally: tally
        )
    }

    private func time(_ milliseconds: UInt64) -> WallTime { WallTime(nanoseconds: milliseconds * 1_000_000) }

    private func response(_ id: Int, parent: Int? = nil) -> Agents.Operation {
        Agents.Operation(id: id, parent: parent, kind: .response(model: "opus"))
    }

    /// A tool call can be made only by reading a stream; this is one.
    private func call() async throws -> [OperationEvent] {
        let recorded = """
            {"type":"system","subtype":"init","session_id":"s","model":"opus"}
            {"type":"assistant","message":{"id":"m","model":"opus","content":[{"type":"tool_use","id":"t","name":"Read",\
            "input":{"file_path":"secret.txt"}}]}}
            {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":"the secret word"}]}}
            """
        let seen = Events()
        _ = try await ClaudeCode(environment: [:])
            .run(.init(prompt: "", maxTurns: 1, allowedTools: [], sessionID: "s", attempt: "a"), in: Speaking(recorded))
        {
            _ in
        } observe: { event in
            if case .operation(let operation) = event { await seen.append(operation) }
        }
        return await seen.all
    }

    @Test("A response has the names of the convention, its tokens and its reason")
    func named() throws {
        let spans = spans()
        spans.take(.began(response(1), at: time(10)))
        var details = ResponseDetails(id: "msg", model: "opus-1", finishReason: "end_turn")
        (details.inputTokens, details.cacheReadTokens, details.outputTokens) = (100, 20, 7)
        spans.take(.ended(1, OperationEnd(response: details), at: time(30)))
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.operationName == "chat opus")
        #expect(span.kind == .client)
        #expect(span.startInstant.nanosecondsSinceEpoch == 10_000_000)
        #expect(span.endInstant.nanosecondsSinceEpoch == 30_000_000)
        #expect(span.attributes.get("gen_ai.response.model") == .string("opus-1"))
        #expect(span.attributes.get("gen_ai.usage.input_tokens") == .int64(120))
        #expect(span.attributes.get("gen_ai.usage.output_tokens") == .int64(7))
        #expect(span.attributes.get("gen_ai.response.finish_reasons") == .stringArray(["end_turn"]))
        #expect(span.status == nil)
        #expect(!tally.operations.isEmpty)
    }

    @Test("Who opts in gets the later generation's names")
    func generations() throws {
        let spans = spans(
            SessionTracing(
                conventions: GenAIConventions(environment: [
                    "OTEL_SEMCONV_STABILITY_OPT_IN": "http,gen_ai_latest_experimental"
                ])
            )
        )
        spans.take(.began(response(1), at: time(0)))
        var details = ResponseDetails(model: "opus")
        (details.inputTokens, details.cacheCreationTokens) = (1, 5)
        spans.take(.ended(1, OperationEnd(response: details), at: time(1)))
        let attributes = try #require(tracer.finishedSpans.first).attributes
        #expect(attributes.get("gen_ai.usage.cache_write.input_tokens") == .int64(5))
        #expect(attributes["gen_ai.usage.cache_creation.input_tokens"] == nil)
    }

    @Test("Content is there only where it is wanted, without secrets")
    func content() async throws {
        let events = try await call()
        let quiet = spans()
        events.forEach(quiet.take)
        #expect(!tracer.finishedSpans.contains { $0.attributes["gen_ai.tool.call.arguments"] != nil })
        let telling = spans(SessionTracing(contentLimit: 30))
        events.forEach(telling.take)
        let tool = try #require(tracer.finishedSpans.last { $0.operationName == "execute_tool Read" })
        #expect(tool.attributes.get("gen_ai.tool.call.arguments") == .string(#"{"file_path":"[redacted].txt"}"#))
        #expect(tool.attributes.get("gen_ai.tool.call.result") == .string("the [redacted] word"))
    }

    @Test("What is open is known with its beginning, as corrected, until it ends")
    func open() async throws {
        let spans = spans()
        spans.take(.began(response(1), at: time(10_000)))
        spans.take(.corrected(1, began: time(9_500)))
        for case .began(let operation, _) in try await call() where operation.id != 1 {
            spans.take(.began(operation, at: time(10_500)))
        }
        let tool = AttemptOperations.Open(.toolCall("Read"), began: time(10_500).date)
        let response = AttemptOperations.Open(.response(provider: "anthropic", model: "opus"), began: time(9_500).date)
        #expect(tally.operations.open == [response, tool])
        #expect(tally.operations.isEmpty)
        spans.take(.ended(1, OperationEnd(response: ResponseDetails(model: "opus")), at: time(11_000)))
        #expect(tally.operations.open == [tool] && !tally.operations.isEmpty)
    }

    @Test("What is cut off with the agent is ended, and counted")
    func cutOff() throws {
        let spans = spans()
        spans.take(.began(response(1), at: .now))
        #expect(tracer.finishedSpans.isEmpty)
        spans.close()
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.attributes.get("error.type") == .string("interrupted"))
        #expect(span.status?.code == .error)
        #expect(!tally.operations.isEmpty)
    }

    @Test("Without spans of its own a session is still added up")
    func left() {
        let spans = spans(SessionTracing(hasOperationSpans: false))
        spans.take(.began(response(1), at: time(0)))
        spans.take(.ended(1, OperationEnd(response: ResponseDetails(model: "opus")), at: time(1)))
        #expect(tracer.finishedSpans.isEmpty)
        #expect(!tally.operations.isEmpty)
    }
}

/// Operation events as they came.
private actor Events {
    var all: [OperationEvent] = []
    func append(_ event: OperationEvent) { all.append(event) }
}

/// A sandbox whose every command says the same.
private struct Speaking: Sandbox {
    let kind = SandboxKind.none
    let workspace = "/workspace"
    let words: String

    init(_ words: String) { self.words = words }

    func inspect() async throws -> SandboxDescription { SandboxDescription(kind: kind) }

    func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        try await output(Array(words.utf8))
        return CommandResult(termination: .exited(0))
    }

    func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport { StopReport() }
}
