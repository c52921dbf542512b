import Logging
import Metrics
import ServiceLifecycle
import Tracing

/// Answers `POST /orders` until it is asked to stop.
struct OrderServer: Service {
    let port: UInt16

    private let logger = Logger(label: "orders.server")
    private let requests = Counter(label: "orders.requests")
    private let duration = Timer(label: "orders.request.duration")

    init(port: UInt16) {
        self.port = port
    }

    func run() async throws {
        let listener = try Listener(port: port)
        logger.notice("listening", metadata: ["port": .stringConvertible(Int(listener.port))])
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await connection in listener.connections {
                    group.addTask { await serve(connection) }
                }
            }
        } onGracefulShutdown: {
            listener.close()
        }
    }

    private func serve(_ connection: Connection) async {
        guard let request = connection.readRequest() else { return }
        // The caller's trace goes on here, if it sent a traceparent.
        var context = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(request.headers, into: &context, using: HeaderExtractor())
        let start = ContinuousClock.now
        let status = await withSpan("\(request.method) \(request.path)", context: context, ofKind: .server) { span in
            span.attributes["http.request.method"] = request.method
            span.attributes["url.path"] = request.path
            let status = await answer(request)
            span.attributes["http.response.status_code"] = status
            if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
            return status
        }
        requests.increment()
        duration.record(duration: ContinuousClock.now - start)
        connection.reply(status)
    }

    private func answer(_ request: Request) async -> Int {
        guard request.method == "POST", request.path == "/orders" else { return 404 }
        do {
            try await withSpan("store order", ofKind: .client) { _ in try await store(request.body) }
            return 201
        } catch {
            // The record carries the trace and the span that it was made in.
            logger.error("order was not stored", error: error, metadata: ["order.bytes": "\(request.body.utf8.count)"])
            return 500
        }
    }

    private func store(_ order: String) async throws {
        if order.isEmpty { throw EmptyOrder() }
    }
}

struct EmptyOrder: Error {}

/// HTTP's names of headers have no case, and ours are in lower case.
struct HeaderExtractor: Extractor {
    func extract(key: String, from headers: [String: String]) -> String? { headers[key.lowercased()] }
}
