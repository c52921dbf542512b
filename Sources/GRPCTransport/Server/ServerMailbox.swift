internal import Synchronization

/// How other threads talk to the server's own thread.
final class ServerMailbox: Sendable {
    struct LateReply: Sendable {
        let connection: UInt64
        let stream: Int32
        let reply: GRPCServerReply
    }

    private struct State {
        var replies: [LateReply] = []
        var isClosing = false
        var acceptedConnections = 0
    }

    let wakeup: Wakeup
    private let state = Mutex(State())

    init() throws(SystemError) { wakeup = try Wakeup() }

    func post(_ reply: LateReply) {
        state.withLock { $0.replies.append(reply) }
        wakeup.signal()
    }

    func close() {
        state.withLock { $0.isClosing = true }
        wakeup.signal()
    }

    func take() -> (replies: [LateReply], isClosing: Bool) {
        state.withLock { state in
            defer { state.replies = [] }
            return (state.replies, state.isClosing)
        }
    }

    var acceptedConnections: Int { state.withLock { $0.acceptedConnections } }

    func countConnection() { state.withLock { $0.acceptedConnections += 1 } }
}
