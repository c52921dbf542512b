import Synchronization

/// Wakes those who wait for something; raised from anywhere, without waiting.
///
/// A signal that is raised while nobody waits is kept for the next one who does.
final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextKey: UInt64 = 0
        var timedOut: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Whether it stays raised once it was: for events that happen once, such as shutdown.
    private let isLasting: Bool

    init(isLasting: Bool = false) {
        self.isLasting = isLasting
    }

    var isRaised: Bool { state.withLock { $0.isRaised } }

    func raise() {
        let waiters = state.withLock { state in
            state.isRaised = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when the signal is raised or the time has passed, whichever comes first; nil waits for the signal alone.
    func wait(atMost duration: Duration?, _ time: TimeSource) async {
        let key: UInt64? = state.withLock { state in
            // Nothing to wait for is the usual case under load, and costs no tasks.
            guard !state.isRaised, duration.map({ $0 > .zero }) ?? true else {
                state.isRaised = state.isRaised && isLasting
                return nil
            }
            state.nextKey += 1
            return state.nextKey
        }
        guard let key else { return }
        if let duration {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    guard (try? await time.sleep(duration)) != nil else { return }
                    self.release(key)
                }
                await wait(as: key)
                group.cancelAll()
            }
        } else {
            await wait(as: key)
        }
        state.withLock { state in
            state.isRaised = state.isRaised && isLasting
            state.timedOut.remove(key)
        }
    }

    private func wait(as key: UInt64) async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.isRaised || state.timedOut.contains(key) { return true }
                state.waiters[key] = continuation
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// The time may have passed before the waiter got as far as waiting; then it finds its key here.
    private func release(_ key: UInt64) {
        let waiter = state.withLock { state in
            if let waiter = state.waiters.removeValue(forKey: key) { return waiter as CheckedContinuation? }
            state.timedOut.insert(key)
            return nil
        }
        waiter?.resume()
    }
}
