import Agents
import Journal
import Synchronization

/// Adds up what an attempt's sessions do, for the metrics, and knows what has begun and not ended.
final class OperationTally: Sendable {
    fileprivate struct Open {
        var operation: Agents.Operation
        var began: WallTime
        var provider: String
    }

    private struct State {
        var ended = AttemptOperations()
        var open: [Agents.Operation.ID: Open] = [:]
    }

    private let state = Mutex(State())

    /// What was added up so far, and what is open.
    var operations: AttemptOperations {
        state.withLock { state in
            var operations = state.ended
            operations.open = state.open.keys.sorted().compactMap { id in
                state.open[id].flatMap(AttemptOperations.Open.init)
            }
            return operations
        }
    }

    /// Notes an operation that has begun; its id is that of no other open one.
    func begin(_ operation: Agents.Operation, at time: WallTime, provider: String) {
        state.withLock { $0.open[operation.id] = Open(operation: operation, began: time, provider: provider) }
    }

    /// Corrects when an open operation began.
    func correct(_ id: Agents.Operation.ID, began time: WallTime) {
        state.withLock { $0.open[id]?.began = time }
    }

    /// Adds an operation that has ended; one that has not begun, or has ended already, adds nothing.
    func end(_ id: Agents.Operation.ID, _ end: OperationEnd, at time: WallTime) {
        state.withLock { state in
            guard let open = state.open.removeValue(forKey: id) else { return }
            state.ended.add(open.operation, end, after: time.since(open.began), provider: open.provider)
        }
    }
}

extension AttemptOperations {
    fileprivate mutating func add(
        _ operation: Agents.Operation,
        _ end: OperationEnd,
        after duration: Duration,
        provider: String
    ) {
        switch operation.kind {
        case .response(let requestModel):
            let response = end.response
            guard let model = response?.model ?? requestModel else { return }
            addResponse(
                provider: provider,
                requestModel: requestModel ?? model,
                model: model,
                inputTokens: response?.allInputTokens,
                outputTokens: response?.outputTokens,
                duration: duration,
                errorType: end.errorType
            )
        case .toolCall(_, let name, _):
            let isDenied = end.errorType == OperationEnd.denied
            addToolCall(name, duration: duration, errorType: end.errorType, isDenied: isDenied)
        }
    }
}

extension AttemptOperations.Open {
    /// Nil for a response of a model that nobody has named.
    fileprivate init?(_ open: OperationTally.Open) {
        let began = open.began.date
        switch open.operation.kind {
        case .response(let model):
            guard let model else { return nil }
            self.init(.response(provider: open.provider, model: model), began: began)
        case .toolCall(_, let name, _):
            self.init(.toolCall(name), began: began)
        }
    }
}

extension ResponseDetails {
    /// All input tokens, those of the cache included; nil if nothing tells of them.
    var allInputTokens: Int? { inputTokens.map { $0 + cacheReadTokens + cacheCreationTokens } }
}
