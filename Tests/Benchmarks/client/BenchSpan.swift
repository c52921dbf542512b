import OTelSDK
import Tracing

/// The span that all sides of the benchmark send: 8 attributes, 350 bytes when encoded.
enum BenchSpan {
    static let name = "GET /api/orders/{id}"

    /// Through OTelSDK's own setters.
    @inline(never)
    static func make(_ tracer: OTelTracer, in context: ServiceContext) {
        let span = tracer.startSpan(name, context: context, ofKind: .server)
        span.setAttribute("http.request.method", "GET")
        span.setAttribute("url.path", "/api/orders/8f14e45f")
        span.setAttribute("http.route", "/api/orders/{id}")
        span.setAttribute("http.response.status_code", 200)
        span.setAttribute("server.address", "orders.internal")
        span.setAttribute("server.port", 8443)
        span.setAttribute("user_agent.original", "curl/8.5.0")
        span.setAttribute("network.protocol.version", "2")
        span.end()
    }

    /// Through swift-distributed-tracing alone, which keeps attributes in a dictionary.
    @inline(never)
    static func makeGeneric(_ tracer: any Tracer, in context: ServiceContext) {
        let span = tracer.startAnySpan(name, context: context, ofKind: .server)
        span.attributes["http.request.method"] = "GET"
        span.attributes["url.path"] = "/api/orders/8f14e45f"
        span.attributes["http.route"] = "/api/orders/{id}"
        span.attributes["http.response.status_code"] = 200
        span.attributes["server.address"] = "orders.internal"
        span.attributes["server.port"] = 8443
        span.attributes["user_agent.original"] = "curl/8.5.0"
        span.attributes["network.protocol.version"] = "2"
        span.end()
    }

    /// With any number of attributes, for the growth of the cost.
    @inline(never)
    static func make(_ tracer: OTelTracer, in context: ServiceContext, keys: [String]) {
        let span = tracer.startSpan(name, context: context, ofKind: .server)
        for key in keys { span.setAttribute(key, "a value of 20 bytes.") }
        span.end()
    }
}
