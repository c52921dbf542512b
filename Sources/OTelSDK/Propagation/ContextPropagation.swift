import Instrumentation

/// Moves context in and out of any carrier in the configured formats (specification/context/api-propagators.md).
struct ContextPropagation: Sendable {
    let formats: [Propagator]

    /// Never fails: what cannot be read leaves the context as it was.
    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        for format in formats {
            switch format {
            case .tracecontext:
                guard let header = extractor.extract(key: TraceParent.key, from: carrier),
                    let parent = TraceParent.parse(header.trimmed)
                else { continue }
                let state = extractor.extract(key: TraceState.key, from: carrier).flatMap(TraceState.validated)
                context.spanContext = OTelSpanContext(
                    trace: parent.trace,
                    span: parent.span,
                    flags: parent.flags,
                    traceState: state ?? "",
                    isRemote: true
                )
            case .baggage:
                guard let header = extractor.extract(key: BaggageHeader.key, from: carrier),
                    let baggage = BaggageHeader.parse(header)
                else { continue }
                context.baggage = baggage
            }
        }
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        for format in formats {
            switch format {
            case .tracecontext:
                guard let span = context.spanContext else { continue }
                injector.inject(TraceParent.format(span), forKey: TraceParent.key, into: &carrier)
                guard !span.traceState.isEmpty else { continue }
                injector.inject(span.traceState, forKey: TraceState.key, into: &carrier)
            case .baggage:
                guard let header = BaggageHeader.format(context.baggage) else { continue }
                injector.inject(header, forKey: BaggageHeader.key, into: &carrier)
            }
        }
    }
}
