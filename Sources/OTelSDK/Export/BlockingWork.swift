import Dispatch
import Synchronization

/// Runs what may block (files, a producer's database) beside the cooperative pool, one piece after the other.
struct BlockingWork: Sendable {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Waits for the result.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }

    /// Waits for the result as long as given, then goes on without it; the work itself cannot be stopped.
    func run<Value: Sendable>(
        atMost duration: Duration,
        _ time: TimeSource,
        _ body: @escaping @Sendable () -> Value
    ) async -> Value? {
        let box = ResultBox<Value>()
        queue.async { box.finish(body()) }
        await box.done.wait(atMost: duration, time)
        return box.result
    }
}

private final class ResultBox<Value: Sendable>: Sendable {
    let done = Signal(isLasting: true)
    private let value = Mutex<Value?>(nil)

    func finish(_ result: Value) {
        value.withLock { $0 = result }
        done.raise()
    }

    var result: Value? { value.withLock { $0 } }
}
