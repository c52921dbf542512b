import Agents
import Journal
import Synchronization

/// Writes what an attempt has used and done so far to the journal, so that it is known of a killed run.
///
/// Each write is made safe on disk, which takes milliseconds, and a fast session tells of usage hundreds of times a second: so
/// the newest is written, and what came in between is left out. The agent's stream never waits for it.
final class AttemptProgress: Sendable {
    /// Adds up what is done.
    let tally = OperationTally()
    private let usage = Mutex<[ModelUsage]>([])
    private let changes: AsyncStream<Void>
    private let sender: AsyncStream<Void>.Continuation

    init() {
        (changes, sender) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes what has been used until now.
    func record(_ usage: [ModelUsage]) {
        self.usage.withLock { $0 = usage }
        sender.yield()
    }

    /// Notes that the tally has changed.
    func recordOperations() { sender.yield() }

    /// Writes until it is cancelled; what has not been written then, the attempt's end has.
    func write(to journal: Journal, attempt: String) async {
        let clock = ContinuousClock()
        var allowance = WritingAllowance(at: clock.now)
        for await _ in changes {
            let usage = usage.withLock { $0 }
            let start = clock.now
            try? await journal.progress(
                attempt,
                usage: usage.map { UsageRecord($0, ofAttempt: attempt) },
                operations: tally.operations
            )
            try? await clock.sleep(for: allowance.pause(afterWriteFrom: start, to: clock.now))
        }
    }
}
