import Synchronization

/// The one place that knows whether an attempt is to stop, and why.
///
/// The first request counts, but a person's goes before a limit's, since a limit may be waited out.
final class StopSwitch: Sendable {
    private struct State {
        var cause: StopCause?
        var waiters: [Int: CheckedContinuation<StopCause?, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Why the attempt is to stop, or nil while it may go on.
    var cause: StopCause? { state.withLock(\.cause) }

    /// Asks the attempt to stop.
    func request(_ cause: StopCause) {
        let waiters = state.withLock { state -> [CheckedContinuation<StopCause?, Never>] in
            guard state.cause == nil || state.cause?.isByLimit == true && !cause.isByLimit else { return [] }
            state.cause = cause
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: cause) }
    }

    /// Takes a request back that came from a limit, for an agent that has ended by itself or a limit that is waited out.
    func withdrawLimit() {
        state.withLock { state in
            if state.cause?.isByLimit == true { state.cause = nil }
        }
    }

    /// Waits until the attempt is to stop; nil when the task is cancelled before.
    func wait() async -> StopCause? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> StopCause?? in
                    if let cause = state.cause { return .some(cause) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiters[number] = continuation
                    return .none
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(returning: nil)
        }
    }

    /// Waits for so long, or until the attempt is to stop, whichever comes first.
    ///
    /// - Returns: Whether the attempt may go on.
    func sleep(_ duration: Duration, on clock: some Clock<Duration>) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.wait() }
            group.addTask { try? await clock.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
        return cause == nil
    }
}
