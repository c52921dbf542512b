import GRPCTransport
import OTLPWire
import Synchronization

/// A collector for `SpanProbe`: keeps the numbers of the spans, and can be away for a while.
final class NumberCollector: Sendable {
    struct Received {
        /// How often each number came.
        var ended: [Int64: Int] = [:]
        /// `error.type` of those that were never ended.
        var open: [Int64: String] = [:]
    }

    let port: UInt16
    private let server: Mutex<GRPCServer?>
    private let state = Mutex(Received())

    init() throws {
        server = Mutex(nil)
        // The port is ours from the first start on; it is asked for again after each pause.
        let first = try GRPCServer.start { _ in .message([]) }
        port = first.port
        first.stop()
        try start()
    }

    var received: Received { state.withLock { $0 } }

    func start() throws {
        guard server.withLock({ $0 == nil }) else { return }
        let new = try GRPCServer.start(port: port) { [self] request in
            note(request.message)
            return .message([])
        }
        server.withLock { $0 = new }
    }

    func stop() {
        server.withLock { server in
            server?.stop()
            server = nil
        }
    }

    private func note(_ message: [UInt8]) {
        let spans = (try? ExportTraceRequest.decode(message))?.flatMap(\.scopes).flatMap(\.spans) ?? []
        state.withLock { state in
            for span in spans {
                guard case .int(let number)? = span.attributes.first(where: { $0.key == "n" })?.value else { continue }
                if span.name == "n" {
                    state.ended[number, default: 0] += 1
                } else if case .string(let cause)? = span.attributes.first(where: { $0.key == "error.type" })?.value {
                    state.open[number] = cause
                }
            }
        }
    }
}
