public import Instrumentation
import OTLPWire
import Synchronization
public import Tracing

/// A span of ``OTelTracer``: recorded until it ends, then handed to a bounded queue without waiting.
///
/// A span that is not sampled carries its context on and records nothing. What is set goes straight into the compact
/// record from which the request is encoded; the quickest way there is ``setAttribute(_:_:)-(String,String)``.
@safe public final class OTelSpan: Tracing.Span {
    /// What identifies this span.
    public let spanContext: OTelSpanContext

    private let parentContext: ServiceContext
    private let recorder: SpanRecorder?
    /// The same, which ``recorder`` keeps alive.
    private let recorderReference: Unmanaged<SpanRecorder>?
    private let state: Mutex<SpanState>

    /// Without a recorder the span records nothing.
    init(
        name: String,
        spanContext: OTelSpanContext,
        in parentContext: ServiceContext,
        recorder: SpanRecorder?,
        draft: RecordDraft?
    ) {
        self.spanContext = spanContext
        self.parentContext = parentContext
        self.recorder = recorder
        unsafe recorderReference = recorder.map { unsafe Unmanaged.passUnretained($0) }
        state = Mutex(SpanState(name: name, draft: draft))
    }

    deinit {
        // Nobody ended it: then it is not sent.
        if let recorder, let draft = state.withLock({ $0.draft }) { recorder.store.abandon(draft) }
    }

    /// The context in which children of this span start.
    public var context: ServiceContext {
        state.withLock { state in
            if let context = state.context { return context }
            var context = parentContext
            context.spanContext = spanContext
            state.context = context
            return context
        }
    }

    /// The trace's id, 32 lowercase hex digits.
    public var traceID: String { spanContext.traceID }

    /// This span's id, 16 lowercase hex digits.
    public var spanID: String { spanContext.spanID }

    /// The name; setting it after the end has no effect.
    public var operationName: String {
        get { state.withLock { $0.name } }
        set {
            record { state, recorder in
                state.name = newValue
                state.draft?.setName(newValue, in: recorder.store)
            }
        }
    }

    /// Corrects when the span began; after the end it has no effect.
    ///
    /// The specification knows a start time at the creation only (trace/api.md, Span Creation). This is for those who make
    /// spans of what others tell, and learn the moment afterwards.
    public func setStartTime<Instant: TracerInstant>(_ instant: Instant) {
        record { state, _ in state.draft?.setStartTime(instant.nanosecondsSinceEpoch) }
    }

    /// The attributes; the last value of a key holds, and what exceeds the limit is dropped and counted.
    ///
    /// They are changed in place. An access that overlaps another one, from a second thread or from within, works on a
    /// set of its own that is merged when it ends, so that no lock is held while the caller's code runs.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.currentAttributes } }
        set {
            guard let recorder else { return }
            let converted = recorder.isDurable ? AttributeConversion(recorder.limits).convert(newValue) : nil
            state.withLock { $0.replaceAttributes(newValue, converted, recorder) }
        }
        _modify {
            guard let recorder else {
                var none = SpanAttributes()
                yield &none
                return
            }
            var loan = AttributeLoan()
            state.withLock { $0.lendAttributes(to: &loan, recorder) }
            defer { takeBack(&loan, recorder) }
            yield &loan.attributes
        }
    }

    /// False after the end, and for spans that are not sampled.
    public var isRecording: Bool { recorder != nil && state.withLock { $0.isRecording } }

    /// Ok wins over error, and either over none; only an error keeps its message (trace/api.md, Set Status).
    public func setStatus(_ status: SpanStatus) {
        record { state, recorder in
            guard state.status != .ok else { return }
            state.status = status.code
            switch status.code {
            case .ok: state.draft?.setStatus(SpanRecord.Status(code: .ok), in: recorder.store)
            case .error:
                let error = SpanRecord.Status(code: .error, message: status.message ?? "")
                state.draft?.setStatus(error, in: recorder.store)
            }
        }
    }

    /// Adds an event, or counts it as dropped beyond the limit.
    public func addEvent(_ event: SpanEvent) {
        guard let recorder else { return }
        let event = AttributeConversion(recorder.limits).convert(event)
        record { state, recorder in state.draft?.addEvent(event, recorder.recordLimits, in: recorder.store) }
    }

    /// Adds a link, or counts it as dropped beyond the limit; a link to a context outside any trace is ignored.
    public func addLink(_ link: SpanLink) {
        guard let recorder, let link = AttributeConversion(recorder.limits).convert(link) else { return }
        record { state, recorder in state.draft?.addLink(link, recorder.recordLimits, in: recorder.store) }
    }

    /// Adds an `exception` event with the error's type and text (semantic conventions, exceptions-spans.md).
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        var all: SpanAttributes = [
            "exception.type": .string(String(reflecting: type(of: error))),
            "exception.message": .string(String(describing: error)),
        ]
        all.merge(attributes)
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: all))
    }

    /// Ends the span and queues it; never waits.
    ///
    /// A second call has no effect.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let recorder else { return }
        let endTime = instant().nanosecondsSinceEpoch
        if let finished = state.withLock({ $0.end(at: endTime) }) { recorder.finish(finished) }
    }

    /// Changes the state while the span records.
    @inline(__always)
    func record(_ change: (inout SpanState, SpanRecorder) -> Void) {
        // Borrowed: counting references would cost as much as the rest.
        unsafe recorderReference?._withUnsafeGuaranteedRef { recorder in
            state.withLock { state in
                if state.isRecording { change(&state, recorder) }
            }
        }
    }

    private func takeBack(_ loan: inout AttributeLoan, _ recorder: SpanRecorder) {
        let converted = recorder.isDurable ? AttributeConversion(recorder.limits).convert(loan.attributes) : nil
        if let finished = state.withLock({ $0.takeBack(&loan, converted, recorder) }) { recorder.finish(finished) }
    }
}
