import Sandbox
import Synchronization

/// Runs the commands of checks in the sandbox, each within a limit of time.
struct CheckRunner<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let sandbox: any Sandbox
    /// What the processes are marked with, so that they can be ended.
    let attempt: String
    let clock: RunClock
    /// How long one command may take.
    let timeLimit: Duration
    let stops: StopSwitch
    /// What the commands get in their environment, such as the trace's context.
    var environment: [String: String] = [:]
    /// What takes secrets out of what they print.
    var redact: Redaction = { $0 }

    /// Why a command did not end by itself.
    enum Obstacle: Error, Sendable, Equatable {
        /// It took longer than its limit and was ended.
        case tookTooLong
        /// The attempt was stopped.
        case stopped
        /// The sandbox could not run it.
        case sandbox(String)
    }

    /// When the command that runs now must have ended; set anew for each command of a block.
    final class Deadline: Sendable {
        private let instant: Mutex<RunClock.Instant>
        init(_ instant: RunClock.Instant) { self.instant = Mutex(instant) }
        var current: RunClock.Instant { instant.withLock { $0 } }
        func set(_ new: RunClock.Instant) { instant.withLock { $0 = new } }
    }

    /// A deadline that begins now.
    var deadline: Deadline { Deadline(clock.now.advanced(by: timeLimit)) }

    /// Runs one command to its end, or until its deadline.
    ///
    /// - Throws: ``Obstacle``; what it had left running has been ended then.
    func run(
        _ arguments: [String],
        input: [UInt8] = [],
        deadline: Deadline,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(Obstacle) -> CommandResult {
        var command = SandboxCommand(arguments, environment: environment, standardInput: input, attempt: attempt)
        command.isSupervised = true
        let work = StoppableWork<Obstacle, RunClock>(
            clock: clock,
            watchers: [
                { await stops.wait() == nil ? nil : .stopped },
                { [clock] in
                    while clock.now < deadline.current {
                        do { try await clock.sleep(until: deadline.current, tolerance: nil) } catch { return nil }
                    }
                    return .tookTooLong
                },
            ],
            stop: { await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1)) }
        )
        let prepared = command
        let ended = await work.run { try await sandbox.run(prepared) { await output($0) } }
        if let reason = ended.reason { throw reason }
        switch ended.result {
        case .success(let result): return result
        case .failure(let error): throw .sandbox((error as? SandboxError)?.description ?? "\(error)")
        case nil: throw .stopped
        }
    }
}
