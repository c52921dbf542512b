package import GRPCTransport
internal import OTLPWire
internal import Synchronization

/// A collector for tests that misbehaves by a plan: in this process, on a port that the kernel chooses.
///
/// It keeps every request that arrives, together with what the plan had done to it. Connections and HTTP/2 are
/// `GRPCServer`'s; what nghttp2 would not send is written past it, see `Frames`.
package final class Collector: Sendable {
    /// Says what happens to a request, of which it knows the number (from 1) and the content.
    ///
    /// Called on the server's thread, so it must not block.
    package typealias Plan = @Sendable (_ arrival: Arrival) -> Fault

    fileprivate struct State {
        var arrivals: [Arrival] = []
        var waiting: [(threshold: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let store: Store
    private let server: GRPCServer

    /// Listens at once.
    ///
    /// - Throws: `GRPCConfigurationError` if there is no port to be had.
    package init(
        port: UInt16 = 0,
        settings: GRPCServerSettings = GRPCServerSettings(),
        _ plan: @escaping Plan = { _ in .accept }
    ) throws {
        let store = Store()
        self.store = store
        server = try GRPCServer.start(port: port, settings: settings) { request in
            store.arrive(request, plan)
        }
    }

    /// Follows a list from its start; after its end the last entry stays for ever.
    package convenience init(settings: GRPCServerSettings = GRPCServerSettings(), faults: [Fault]) throws {
        try self.init(settings: settings) { arrival in
            faults.isEmpty ? .accept : faults[min(arrival.number, faults.count) - 1]
        }
    }

    package var port: UInt16 { server.port }

    /// As an exporter is told of it.
    package var endpoint: String { "http://127.0.0.1:\(port)" }

    package var target: GRPCTarget { GRPCTarget(host: "127.0.0.1", port: port) }

    package var acceptedConnections: Int { server.acceptedConnections }

    /// Every request so far, in the order in which they were complete.
    package var arrivals: [Arrival] { store.state.withLock { $0.arrivals } }

    /// Those that were answered OK, so that their sender counts them as delivered.
    package var taken: [Arrival] { arrivals.filter(\.isTaken) }

    /// Returns when so many requests have arrived, or when the test's time limit cancels the task.
    package func wait(forRequests threshold: Int) async { await store.wait(for: threshold) }

    /// Closes the port and all connections.
    package func stop() { server.stop() }
}

extension Collector {
    fileprivate final class Store: Sendable {
        let state = Mutex(State())
    }
}

extension Collector.Store {
    fileprivate func arrive(_ request: GRPCServerRequest, _ plan: Collector.Plan) -> GRPCServerReply {
        let number = state.withLock { $0.arrivals.count + 1 }
        var arrival = Arrival(number: number, request)
        let fault = plan(arrival)
        arrival.isTaken = fault.takesRequest
        let ready = state.withLock { state in
            state.arrivals.append(arrival)
            defer { state.waiting.removeAll { $0.threshold <= number } }
            return state.waiting.filter { $0.threshold <= number }
        }
        for (_, continuation) in ready { continuation.resume() }
        return fault.reply
    }

    fileprivate func wait(for threshold: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    let mustWait = state.arrivals.count < threshold && !Task.isCancelled
                    if mustWait { state.waiting.append((threshold, continuation)) }
                    return mustWait
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            for (_, continuation) in waiting { continuation.resume() }
        }
    }
}
