import Synchronization

/// Whether shutdown has begun, and by when everything on the network must be over.
final class ShutdownState: Sendable {
    private struct State {
        var deadline: Duration?
    }

    private let state = Mutex(State())
    private let time: TimeSource

    /// Raised for good when shutdown begins.
    let begun = Signal(isLasting: true)

    init(_ time: TimeSource) {
        self.time = time
    }

    func begin(timeout: Duration) {
        state.withLock { $0.deadline = time.now() + timeout }
        begun.raise()
    }

    var hasBegun: Bool { state.withLock { $0.deadline != nil } }

    /// The given time, or what shutdown leaves of it; not below zero.
    func remaining(atMost duration: Duration) -> Duration {
        let state = state.withLock { $0 }
        guard let deadline = state.deadline else { return duration }
        return max(.zero, min(duration, deadline - time.now()))
    }
}
