public import Instrumentation
import OTLPWire
public import Tracing

/// The tracer: starts spans and moves their context between processes; a backend of swift-distributed-tracing.
///
/// Get one from ``OTel/tracer`` or ``OTel/tracer(named:version:)``; it may be bootstrapped with `InstrumentationSystem`.
public struct OTelTracer: Tracer {
    private let recorder: SpanRecorder
    private let sampler: Sampler
    private let random: RandomSource
    private let propagation: ContextPropagation

    init(recorder: SpanRecorder, sampler: Sampler, random: RandomSource, propagation: ContextPropagation) {
        self.recorder = recorder
        self.sampler = sampler
        self.random = random
        self.propagation = propagation
    }

    /// Starts a span as a child of the context's span, or as the root of a new trace.
    ///
    /// The order is the specification's (trace/sdk.md, Span creation): trace id, sampling, span id, span.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> OTelSpan {
        var context = context()
        let parent = context.spanContext
        if let parent, recorder.queue.isClosed {
            // Switched off or shut down: the caller's span is handed on as it came, as the API does without an SDK.
            return span(
                operationName,
                own: parent,
                parent: nil,
                in: context,
                ofKind: kind,
                at: instant(),
                records: false
            )
        }
        let trace = parent?.trace ?? TraceID(high: random.nextID(), low: random.nextID())
        let isSampled =
            !recorder.queue.isClosed
            && sampler.samples(
                randomness: trace.low,
                parentIsSampled: parent?.isSampled,
                parentIsRemote: parent?.isRemote == true
            )
        // A new trace's id is random and says so (Level 2); for a child that is what the parent says.
        let randomFlag = (parent?.flags ?? OTelSpanContext.randomFlag) & OTelSpanContext.randomFlag
        let own = OTelSpanContext(
            trace: trace,
            span: SpanID(value: random.nextID()),
            flags: randomFlag | (isSampled ? OTelSpanContext.sampledFlag : 0),
            traceState: parent?.traceState ?? ""
        )
        context.spanContext = own
        return span(
            operationName,
            own: own,
            parent: parent,
            in: context,
            ofKind: kind,
            at: instant(),
            records: isSampled
        )
    }

    private func span(
        _ name: String,
        own: OTelSpanContext,
        parent: OTelSpanContext?,
        in context: ServiceContext,
        ofKind kind: SpanKind,
        at instant: some TracerInstant,
        records: Bool
    ) -> OTelSpan {
        OTelSpan(
            name: name,
            identity: SpanIdentity(context: own, parent: parent, kind: kind, startTime: instant.nanosecondsSinceEpoch),
            context: context,
            recorder: records ? recorder : nil
        )
    }

    /// Has the background work send what has ended; does not wait.
    ///
    /// To wait, use ``OTel/flush()``.
    @available(*, deprecated, message: "Use OTel.flush(), which waits.")
    public func forceFlush() {
        recorder.queue.wakeReader()
    }

    /// Reads the configured formats from the carrier; what cannot be read leaves the context as it was.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        propagation.extract(carrier, into: &context, using: extractor)
    }

    /// Writes the configured formats into the carrier.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        propagation.inject(context, into: &carrier, using: injector)
    }
}
