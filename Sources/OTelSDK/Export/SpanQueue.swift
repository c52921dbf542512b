import Synchronization

/// Ended spans on their way to the exporter: bounded at the entrance, drops counted; never waits.
final class SpanQueue: Sendable {
    /// What came in and what did not.
    struct Counts: Sendable {
        var ended = 0
        var droppedFull = 0
        var droppedClosed = 0
    }

    private struct State {
        var spans: [FinishedSpan] = []
        var counts = Counts()
    }

    private let state = Mutex(State())
    private let closed: Atomic<Bool>
    private let capacity: Int
    private let batchSize: Int
    private let onFull: @Sendable () -> Void

    /// Raised when a whole batch is there, and when somebody wants the rest.
    let wake = Signal()

    init(_ settings: BatchSettings, isClosed: Bool, onFull: @escaping @Sendable () -> Void) {
        capacity = settings.maxQueueSize
        batchSize = min(settings.maxExportBatchSize, settings.maxQueueSize)
        closed = Atomic(isClosed)
        self.onFull = onFull
    }

    /// After it nothing is recorded any more, and spans that end later are counted as dropped.
    var isClosed: Bool { closed.load(ordering: .relaxed) }

    var counts: Counts { state.withLock { $0.counts } }

    var isEmpty: Bool { state.withLock { $0.spans.isEmpty } }

    func append(_ span: FinishedSpan) {
        enum Outcome { case queued, batchIsFull, dropped }
        let outcome: Outcome = state.withLock { state in
            state.counts.ended += 1
            // Read under the lock, so that nothing gets in behind the last batch.
            guard !isClosed else {
                state.counts.droppedClosed += 1
                return .queued
            }
            guard state.spans.count < capacity else {
                state.counts.droppedFull += 1
                return .dropped
            }
            state.spans.append(span)
            return state.spans.count == batchSize ? .batchIsFull : .queued
        }
        switch outcome {
        case .queued: break
        case .batchIsFull: wake.raise()
        case .dropped: onFull()
        }
    }

    /// The oldest spans, one batch at most; empty if there are none.
    func takeBatch() -> [FinishedSpan] {
        state.withLock { state in
            if state.spans.count <= batchSize {
                defer { state.spans = [] }
                return state.spans
            }
            let batch = Array(state.spans.prefix(batchSize))
            state.spans.removeFirst(batchSize)
            return batch
        }
    }

    /// Whether a whole batch is waiting.
    var hasFullBatch: Bool { state.withLock { $0.spans.count >= batchSize } }

    func wakeReader() { wake.raise() }

    func close() {
        state.withLock { _ in closed.store(true, ordering: .relaxed) }
        wake.raise()
    }
}
