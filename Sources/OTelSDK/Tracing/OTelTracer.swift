public import Instrumentation
import OTLPWire
public import Tracing

/// The tracer: starts spans and moves their context between processes; a backend of swift-distributed-tracing.
///
/// Get one from ``OTel/tracer`` or ``OTel/tracer(named:version:)``; it may be bootstrapped with `InstrumentationSystem`.
public struct OTelTracer: Tracer {
    private let recorder: SpanRecorder

    init(_ recorder: SpanRecorder) {
        self.recorder = recorder
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
        let context = context()
        let parent = context.spanContext
        let isClosed = recorder.queue.isClosed
        if let parent, isClosed {
            // Switched off or shut down: the caller's span is handed on as it came, as the API does without an SDK.
            return OTelSpan(name: operationName, spanContext: parent, in: context, recorder: nil, draft: nil)
        }
        let ids = recorder.random.nextIDs()
        let trace = parent?.trace ?? TraceID(high: ids.high, low: ids.low)
        let isSampled = !isClosed && recorder.sampling.samples(randomness: trace.low, parent: parent)
        recorder.selfMetrics?.spanStarted(parent.map { $0.isRemote ? .remote : .local } ?? .none, isSampled: isSampled)
        // A new trace's id is random and says so (Level 2); for a child that is what the parent says.
        let randomFlag = (parent?.flags ?? OTelSpanContext.randomFlag) & OTelSpanContext.randomFlag
        let own = OTelSpanContext(
            trace: trace,
            span: SpanID(value: ids.span),
            flags: randomFlag | (isSampled ? OTelSpanContext.sampledFlag : 0),
            traceState: parent?.traceState ?? ""
        )
        guard isSampled else {
            return OTelSpan(name: operationName, spanContext: own, in: context, recorder: nil, draft: nil)
        }
        let startTime = instant().nanosecondsSinceEpoch
        let draft = recorder.draft(operationName, own: own, parent: parent, ofKind: kind, startTime: startTime)
        return OTelSpan(name: operationName, spanContext: own, in: context, recorder: recorder, draft: draft)
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
        recorder.propagation.extract(carrier, into: &context, using: extractor)
    }

    /// Writes the configured formats into the carrier.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        recorder.propagation.inject(context, into: &carrier, using: injector)
    }
}
