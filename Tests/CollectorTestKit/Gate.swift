internal import GRPCTransport
internal import Synchronization

/// Holds answers back until a test opens it: a delay without a clock.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var held: [(promise: GRPCServerPromise, reply: GRPCServerReply)] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Lets through what is held and all that comes later.
    package func open() {
        let held = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for (promise, reply) in held { promise.complete(reply) }
    }

    func hold(_ reply: GRPCServerReply) -> GRPCServerReply {
        let promise = GRPCServerPromise()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.held.append((promise, reply)) }
            return state.isOpen
        }
        return isOpen ? reply : .later(promise)
    }
}
