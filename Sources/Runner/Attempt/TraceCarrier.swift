import Tracing

/// A trace's context in the form in which it is handed on: W3C fields, and the environment variables of the same names.
struct TraceCarrier: Sendable {
    /// The fields as the tracer writes them, such as `traceparent`.
    private let fields: [String: String]

    init(of context: ServiceContext, by tracer: any Tracer) {
        var fields: [String: String] = [:]
        tracer.inject(context, into: &fields, using: FieldInjector())
        self.fields = fields
    }

    /// The trace's id out of `traceparent` (W3C Trace Context, section 3.2.2), or nil without tracing.
    var traceID: String? {
        let parts = fields["traceparent"]?.split(separator: "-") ?? []
        return parts.count >= 4 ? String(parts[1]) : nil
    }

    /// The variables for a child's environment: TRACEPARENT, TRACESTATE, BAGGAGE, as far as there are such fields.
    var environment: [String: String] {
        Dictionary(fields.map { ($0.key.uppercased(), $0.value) }) { first, _ in first }
    }

    private struct FieldInjector: Injector {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }
}
