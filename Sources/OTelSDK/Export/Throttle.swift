import GRPCTransport
import Synchronization

/// Until when a destination does not want to hear of us (opentelemetry-proto, docs/specification.md, Throttling).
final class Throttle: Sendable {
    private struct State {
        var end = Duration.zero
        var status = GRPCStatus.ok
        var failure: GRPCStatus?
    }

    private let state = Mutex(State())

    /// Nothing is sent before the given time; a later end, once said, stays.
    func hold(until end: Duration, _ status: GRPCStatus) {
        state.withLock { state in
            if end > state.end { (state.end, state.status) = (end, status) }
        }
    }

    /// What is left of the wait, and the answer that asked for it; nil where nothing has to wait.
    func hold(at now: Duration) -> (time: Duration, status: GRPCStatus)? {
        state.withLock { state in state.end > now ? (state.end - now, state.status) : nil }
    }

    /// Something was not taken during shutdown; nothing more need be tried here, the spool has it.
    func giveUp(_ failure: GRPCStatus) {
        state.withLock { $0.failure = failure }
    }

    /// Why nothing more is tried; nil while there is hope.
    var failure: GRPCStatus? { state.withLock { $0.failure } }
}
