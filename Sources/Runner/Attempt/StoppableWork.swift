import Sandbox

/// Work in the sandbox that goes on until it ends by itself, or until a watcher has a reason to stop it.
///
/// After a stop its processes are gone, so that the work must return at once; it is waited for a moment, then left.
struct StoppableWork<Reason: Sendable, RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let clock: RunClock
    /// Each waits for one thing, and returns the reason to stop, or nil if there is none any more.
    let watchers: [@Sendable () async -> Reason?]
    /// Ends the processes of the work.
    let stop: @Sendable () async -> StopReport

    /// What work came to.
    struct Ended<Value: Sendable>: Sendable {
        /// What it returned or threw; nil if it did not return after it had been stopped.
        var result: Result<Value, any Error>?
        /// Why it was stopped; nil if it ended by itself.
        var reason: Reason?
        /// What stopping it found.
        var processes: StopReport?
    }

    private enum Happening<Value: Sendable>: Sendable {
        case ended(Result<Value, any Error>)
        case stop(Reason)
        case waitedLongEnough
    }

    /// How long stopped work may take to return: only what is left in its pipes is still to be read.
    private static var patience: Duration { .seconds(5) }

    /// Does the work.
    func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async -> Ended<Value> {
        await withTaskGroup(of: Happening<Value>?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    return .ended(.success(try await work()))
                } catch {
                    return .ended(.failure(error))
                }
            }
            for watcher in watchers {
                group.addTask { await watcher().map { .stop($0) } }
            }
            while let happening = await group.next() {
                switch happening {
                case .ended(let result): return Ended(result: result)
                case .stop(let reason):
                    let processes = await stop()
                    return Ended(result: await lastResult(of: &group), reason: reason, processes: processes)
                case .waitedLongEnough, nil: continue
                }
            }
            return Ended(result: nil)
        }
    }

    private func lastResult<Value>(of group: inout TaskGroup<Happening<Value>?>) async -> Result<Value, any Error>? {
        group.addTask { [clock] in
            try? await clock.sleep(for: Self.patience)
            return .waitedLongEnough
        }
        while let next = await group.next() {
            switch next {
            case .ended(let result): return result
            case .waitedLongEnough: return nil
            case .stop, nil: continue
            }
        }
        return nil
    }
}
