internal import Synchronization

/// How callers on any thread talk to the client's own thread.
final class ClientMailbox: Sendable {
    enum Command: Sendable {
        case start(ClientRequest)
        case cancel(id: UInt64)
        case resetBackoff
    }

    private struct State {
        var commands: [Command] = []
        var isClosing = false
        /// The thread is in `poll`, or will be there next, and nobody has woken it.
        var isAsleep = false
        var hasEnded = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    let wakeup: Wakeup
    private let state = Mutex(State())

    private let gzip = Atomic(true)

    /// Whether the server of the newest connection takes gzip, as far as is known.
    var takesGzip: Bool {
        get { gzip.load(ordering: .relaxed) }
        set { gzip.store(newValue, ordering: .relaxed) }
    }

    init() throws(SystemError) { wakeup = try Wakeup() }

    /// Returns false if the client is closed and the command was not taken.
    func post(_ command: Command) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosing else { return (false, false) }
            state.commands.append(command)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { wakeup.signal() }
        return isTaken
    }

    /// The commands since the last time, and whether they are the last ones.
    func take() -> (commands: [Command], isClosing: Bool) {
        state.withLock { state in
            let taken = state.commands
            state.commands = []
            state.isAsleep = false
            return (taken, state.isClosing)
        }
    }

    /// From a true answer on, a command wakes the thread; otherwise there is one already.
    func prepareToSleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.commands.isEmpty && !state.isClosing
            return state.isAsleep
        }
    }

    func close() {
        state.withLock { $0.isClosing = true }
        wakeup.signal()
    }

    /// Called by the thread as the last thing it does.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once the thread has nothing left to do.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
