import OTLPWire
import Synchronization

/// Finished spans or log records on their way to the exporter: bounded at the entrance, drops counted; never waits.
///
/// A record that is dropped here goes back to the store at once; who takes a batch releases it.
final class RecordQueue: Sendable {
    /// What came in and what did not.
    struct Counts: Sendable {
        var ended = 0
        var droppedFull = 0
        var droppedClosed = 0
        var queued = 0
    }

    private struct State {
        /// From ``first`` on; what is before has been taken.
        var records: [RecordHandle] = []
        var first = 0
        var counts = Counts()
        /// Whether the last record did not fit.
        var isDropping = false

        var count: Int { records.count - first }
    }

    private let state = Mutex(State())
    private let closed: Atomic<Bool>
    private let capacity: Int
    private let batchSize: Int
    private let onFull: @Sendable () -> Void
    /// High from half of the capacity on; set under the lock.
    private let pressure: QueuePressure

    /// Where the records' memory is.
    let store: RecordStore

    /// Raised when a first record or a whole batch is there, and when somebody wants the rest.
    let wake = Signal()

    init(
        _ settings: BatchSettings,
        store: RecordStore,
        pressure: QueuePressure,
        isClosed: Bool,
        onFull: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.pressure = pressure
        capacity = settings.maxQueueSize
        batchSize = min(settings.maxExportBatchSize, settings.maxQueueSize)
        closed = Atomic(isClosed)
        self.onFull = onFull
    }

    /// After it nothing is recorded any more, and records that come later are counted as dropped.
    var isClosed: Bool { closed.load(ordering: .relaxed) }

    var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.queued = state.count
            return counts
        }
    }

    var isEmpty: Bool { state.withLock { $0.count == 0 } }

    func append(_ record: RecordHandle) {
        enum Outcome {
            case queued, queuedAndDue, closed
            case full(isFirst: Bool)
        }
        let outcome: Outcome = state.withLock { state in
            state.counts.ended += 1
            // Read under the lock, so that nothing gets in behind the last batch.
            guard !isClosed else {
                state.counts.droppedClosed += 1
                return .closed
            }
            guard state.count < capacity else {
                state.counts.droppedFull += 1
                defer { state.isDropping = true }
                return .full(isFirst: !state.isDropping)
            }
            state.isDropping = false
            state.records.append(record)
            let count = state.count
            if count * 2 >= capacity { pressure.set(true) }
            return count == 1 || count == batchSize ? .queuedAndDue : .queued
        }
        switch outcome {
        case .queued: break
        case .queuedAndDue: wake.raise()
        case .full(let isFirst):
            store.release(record)
            if isFirst { onFull() }
        case .closed: store.release(record)
        }
    }

    /// The oldest records, one batch at most; empty if there are none.
    func takeBatch() -> [RecordHandle] {
        state.withLock { state in
            let end = state.first + min(batchSize, state.count)
            pressure.set((state.records.count - end) * 2 >= capacity)
            let batch = Array(state.records[state.first..<end])
            state.first = end
            // Moved up only now and then, so that a long queue costs no more for each record than a short one.
            if end > state.records.count / 2 {
                state.records.removeFirst(end)
                state.first = 0
            }
            return batch
        }
    }

    /// Whether a whole batch is waiting.
    var hasFullBatch: Bool { state.withLock { $0.count >= batchSize } }

    func wakeReader() { wake.raise() }

    func close() {
        state.withLock { _ in closed.store(true, ordering: .relaxed) }
        wake.raise()
        pressure.change.raise()
    }
}
