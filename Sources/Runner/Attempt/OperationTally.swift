import Agents
import Journal
import Synchronization

/// Adds up what an attempt's session does, for the totals in the journal.
final class OperationTally: Sendable {
    private let state = Mutex(AttemptOperations())

    /// What was added up so far.
    var operations: AttemptOperations { state.withLock { $0 } }

    /// Adds an operation that has ended.
    func add(_ operation: Agents.Operation, _ end: OperationEnd, after duration: Duration, provider: String) {
        switch operation.kind {
        case .response(let requestModel):
            let response = end.response
            guard let model = response?.model ?? requestModel else { return }
            state.withLock {
                $0.addResponse(
                    provider: provider,
                    requestModel: requestModel ?? model,
                    model: model,
                    inputTokens: response?.allInputTokens,
                    outputTokens: response?.outputTokens,
                    duration: duration,
                    errorType: end.errorType
                )
            }
        case .toolCall(_, let name, _):
            let isDenied = end.errorType == OperationEnd.denied
            state.withLock { $0.addToolCall(name, duration: duration, errorType: end.errorType, isDenied: isDenied) }
        }
    }
}

extension ResponseDetails {
    /// All input tokens, those of the cache included; nil if nothing tells of them.
    var allInputTokens: Int? { inputTokens.map { $0 + cacheReadTokens + cacheCreationTokens } }
}
