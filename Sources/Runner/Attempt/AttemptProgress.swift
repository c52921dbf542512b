import Agents
import Journal
import Synchronization

/// Writes what an attempt has used and done so far to the journal, so that it is known of a killed run.
///
/// Each write is made safe on disk, which takes milliseconds, and a fast session tells of usage hundreds of times a second: so
/// the newest is written, what came in between is left out, and writing has a tenth of the time at most. The agent's stream
/// never waits for it.
final class AttemptProgress: Sendable {
    /// Adds up what is done.
    let tally = OperationTally()
    private let usage = Mutex<[ModelUsage]>([])
    private let changes: AsyncStream<Void>
    private let sender: AsyncStream<Void>.Continuation

    /// How many times as long as a write took the next one is waited with, and how long at most.
    private static let pause = (factor: 9, limit: Duration.milliseconds(250))

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
        for await _ in changes {
            let usage = usage.withLock { $0 }
            let duration = await ContinuousClock().measure {
                try? await journal.progress(
                    attempt,
                    usage: usage.map { UsageRecord($0, ofAttempt: attempt) },
                    operations: tally.operations
                )
            }
            try? await Task.sleep(for: min(duration * Self.pause.factor, Self.pause.limit))
        }
    }
}
