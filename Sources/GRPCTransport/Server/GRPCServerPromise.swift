internal import Synchronization

/// A reply that is handed over later, from any thread; the first one counts.
///
/// The handler returns `.later(promise)`, and whoever holds the promise completes it, before or after that. If the
/// call is gone by then (cancelled, connection lost) nothing happens.
package final class GRPCServerPromise: Sendable {
    private enum State {
        case waiting
        case completed(GRPCServerReply)
        case bound(@Sendable (GRPCServerReply) -> Void)
        case delivered
    }

    private let state = Mutex(State.waiting)

    package init() {}

    package func complete(_ reply: GRPCServerReply) {
        let deliver: (@Sendable (GRPCServerReply) -> Void)? = state.withLock { state in
            switch state {
            case .waiting:
                state = .completed(reply)
                return nil
            case .bound(let deliver):
                state = .delivered
                return deliver
            case .completed, .delivered:
                return nil
            }
        }
        deliver?(reply)
    }

    /// Says where the reply goes; if it is there already, it goes at once.
    func bind(_ deliver: @escaping @Sendable (GRPCServerReply) -> Void) {
        let reply: GRPCServerReply? = state.withLock { state in
            switch state {
            case .waiting:
                state = .bound(deliver)
                return nil
            case .completed(let reply):
                state = .delivered
                return reply
            case .bound, .delivered:
                return nil
            }
        }
        if let reply { deliver(reply) }
    }
}
