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

    private let number = Mutex<UInt16>(0)
    private let server: Mutex<GRPCServer?>
    private let state = Mutex(Received())

    init() throws {
        server = Mutex(nil)
        // It is asked for again after each pause. Another program may take it in between, so a few are tried.
        for attempt in 1... {
            let first = try GRPCServer.start { _ in .message([]) }
            number.withLock { $0 = first.port }
            first.stop()
            do {
                try start()
                return
            } catch  where attempt < 20 {
                continue
            }
        }
    }

    /// Where it listens.
    var port: UInt16 { number.withLock { $0 } }

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
