import Agents
import Synchronization
import Tracing

/// Makes the spans of what a session does: `chat MODEL` for each response, `execute_tool NAME` for each tool call.
///
/// GenAI semantic conventions, inference and execute_tool spans; what is opt-in there is content, and opt-in here. Made from
/// the agent's stream, they say so, since an agent may send spans of its own.
final class SessionSpans: Sendable {
    private struct Open {
        /// Nil where operations have no spans.
        var span: (any Tracing.Span)?
        var operation: Agents.Operation
    }

    private struct State {
        var open: [Agents.Operation.ID: Open] = [:]
        /// The contexts of calls that sub-agents may still work for.
        var contexts: [Agents.Operation.ID: ServiceContext] = [:]
    }

    private let tracer: any Tracer
    private let session: any Tracing.Span
    private let sessionID: String
    private let agent: any Agent
    private let conventions: GenAIConventions
    private let content: CapturedContent?
    private let hasSpans: Bool
    private let redact: Redaction
    private let tally: OperationTally
    private let state = Mutex(State())

    /// Sub-agents that outlive their call are few.
    private static let mostContexts = 4096

    /// The session's own span is that of the invocation; all others are under it.
    init(
        tracer: any Tracer,
        session: any Tracing.Span,
        sessionID: String,
        agent: any Agent,
        tracing: SessionTracing,
        redact: @escaping Redaction,
        tally: OperationTally
    ) {
        self.tracer = tracer
        self.session = session
        self.sessionID = sessionID
        self.agent = agent
        conventions = tracing.conventions
        content = tracing.contentLimit.map { CapturedContent(limit: $0, redact: redact) }
        hasSpans = tracing.hasOperationSpans
        self.redact = redact
        self.tally = tally
    }

    /// Captures what the agent is told, where that is wanted.
    func capture(prompt: String) {
        guard let messages = content?.messages(role: "user", [prompt]) else { return }
        session.attributes["gen_ai.input.messages"] = messages
    }

    /// Takes what happened.
    func take(_ event: OperationEvent) {
        switch event {
        case .began(let operation, let time): begin(operation, at: time)
        case .corrected(let id, let time): correct(id, began: time)
        case .happened(let note, let id, let time): add(note, to: id, at: time)
        case .ended(let id, let end, let time): self.end(id, end, at: time)
        }
    }

    /// Ends what was cut off with the agent.
    func close() {
        let left = state.withLock { state in
            defer { state.open = [:] }
            return state.open.keys.sorted(by: >).compactMap { state.open[$0] }
        }
        for open in left {
            let end = OperationEnd(errorType: OperationEnd.interrupted)
            tally.end(open.operation.id, end, at: .now)
            open.span?.fail(OperationEnd.interrupted)
            open.span?.end()
        }
    }

    private func begin(_ operation: Agents.Operation, at time: WallTime) {
        tally.begin(operation, at: time, provider: agent.provider)
        let opened = Open(span: hasSpans ? start(operation, at: time) : nil, operation: operation)
        state.withLock { state in
            state.open[operation.id] = opened
            // An agent names the tools that start sub-agents as it likes; those of the model do not have any below them.
            guard case .toolCall = operation.kind, let context = opened.span?.context else { return }
            state.contexts[operation.id] = context
            if state.contexts.count > Self.mostContexts { state.contexts[operation.id - Self.mostContexts] = nil }
        }
    }

    private func start(_ operation: Agents.Operation, at time: WallTime) -> any Tracing.Span {
        let context = operation.parent.flatMap { id in state.withLock { $0.contexts[id] } } ?? session.context
        let span: any Tracing.Span
        switch operation.kind {
        case .response(let model):
            let name = model.map { "chat \(Self.label($0))" } ?? "chat"
            span = tracer.startSpan(name, context: context, ofKind: .client, at: SpanInstant(time))
            span.updateAttributes { attributes in
                attributes["gen_ai.operation.name"] = "chat"
                attributes["gen_ai.request.model"] = model.map(Self.label)
            }
        case .toolCall(let id, let name, let arguments):
            span = tracer.startSpan("execute_tool \(Self.label(name))", context: context, at: SpanInstant(time))
            span.updateAttributes { attributes in
                attributes["gen_ai.operation.name"] = "execute_tool"
                attributes["gen_ai.tool.name"] = Self.label(name)
                attributes["gen_ai.tool.call.id"] = Self.label(id)
                attributes["gen_ai.tool.type"] = "function"
                attributes["gen_ai.tool.call.arguments"] = content?.text(arguments.text)
            }
        }
        span.updateAttributes { attributes in
            attributes["gen_ai.provider.name"] = agent.provider
            attributes["gen_ai.agent.name"] = agent.name
            attributes["gen_ai.conversation.id"] = sessionID
            attributes["orchestrator.span.source"] = "agent_stream"
        }
        return span
    }

    private func correct(_ id: Agents.Operation.ID, began time: WallTime) {
        tally.correct(id, began: time)
        let span = state.withLock { $0.open[id]?.span }
        (span as? any CorrectableSpan)?.setStartTime(SpanInstant(time))
    }

    private func add(_ note: OperationNote, to id: Agents.Operation.ID?, at time: WallTime) {
        let span = id.flatMap { id in state.withLock { $0.open[id]?.span } } ?? session
        switch note {
        case .retry(let attempt, let status, let message, let delay):
            var attributes: SpanAttributes = ["retry.attempt": .int64(Int64(attempt))]
            attributes["http.response.status_code"] = status
            attributes["error.message"] = message.map { redact(Self.label($0)) }
            attributes["retry.delay_ms"] = delay.map { $0 / .milliseconds(1) }
            span.addEvent(SpanEvent(name: "api_retry", at: SpanInstant(time), attributes: attributes))
        case .permissionDenied(let tool, let reason):
            var attributes: SpanAttributes = ["gen_ai.tool.name": .string(Self.label(tool))]
            attributes["permission.reason"] = reason.map { redact(String($0.prefix(1000))) }
            span.addEvent(SpanEvent(name: "permission_denied", at: SpanInstant(time), attributes: attributes))
        }
    }

    private func end(_ id: Agents.Operation.ID, _ end: OperationEnd, at time: WallTime) {
        guard let open = state.withLock({ $0.open.removeValue(forKey: id) }) else { return }
        tally.end(id, end, at: time)
        guard let span = open.span else { return }
        if let response = end.response { record(response, on: span, open.operation, at: time) }
        if let answer = end.answer, let content {
            span.attributes["gen_ai.tool.call.result"] = content.text(answer.text)
        }
        if let errorType = end.errorType { span.fail(Self.label(errorType)) }
        span.end(at: SpanInstant(time))
    }

    private func record(
        _ response: ResponseDetails,
        on span: any Tracing.Span,
        _ operation: Agents.Operation,
        at time: WallTime
    ) {
        if case .response(nil) = operation.kind, let model = response.model {
            span.operationName = "chat \(Self.label(model))"
            span.attributes["gen_ai.request.model"] = Self.label(model)
        }
        span.updateAttributes { attributes in
            attributes["gen_ai.response.id"] = response.id.map(Self.label)
            attributes["gen_ai.response.model"] = response.model.map(Self.label)
            attributes["gen_ai.response.time_to_first_chunk"] = response.timeToFirstChunk.map { $0 / .seconds(1) }
            attributes["gen_ai.usage.input_tokens"] = response.allInputTokens
            attributes["gen_ai.usage.output_tokens"] = response.outputTokens
            if response.inputTokens != nil {
                attributes["gen_ai.usage.cache_read.input_tokens"] = response.cacheReadTokens
                attributes[conventions.cacheWriteKey] = response.cacheCreationTokens
            }
        }
        if let reason = response.finishReason {
            span.attributes["gen_ai.response.finish_reasons"] = [Self.label(reason)]
        }
        guard let content, !response.texts.isEmpty else { return }
        span.attributes["gen_ai.output.messages"] = content.messages(
            role: "assistant",
            response.texts,
            finishReason: response.finishReason
        )
    }

    /// Names come from the agent, so they are bounded.
    private static func label(_ text: String) -> String { String(text.prefix(200)) }
}

extension Tracing.Span {
    fileprivate func fail(_ errorType: String) {
        attributes["error.type"] = errorType
        setStatus(SpanStatus(code: .error))
    }
}

/// A point in time that has passed, for spans that are told of afterwards.
struct SpanInstant: TracerInstant {
    var nanosecondsSinceEpoch: UInt64

    init(nanosecondsSinceEpoch: UInt64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    init(_ time: WallTime) {
        nanosecondsSinceEpoch = time.nanoseconds
    }

    static func < (left: Self, right: Self) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
}
