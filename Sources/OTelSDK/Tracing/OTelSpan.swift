public import Instrumentation
import OTLPWire
import Synchronization
public import Tracing

/// A span of ``OTelTracer``: recorded until it ends, then handed to a bounded queue without waiting.
///
/// A span that is not sampled carries its context on and records nothing.
public final class OTelSpan: Tracing.Span {
    /// The context in which children of this span start.
    public let context: ServiceContext

    private let identity: SpanIdentity
    private let recorder: SpanRecorder?
    private let state: Mutex<SpanState>

    /// Without a recorder the span records nothing.
    init(name: String, identity: SpanIdentity, context: ServiceContext, recorder: SpanRecorder?) {
        self.identity = identity
        self.context = context
        self.recorder = recorder
        state = Mutex(SpanState(name: name))
    }

    /// What identifies this span.
    public var spanContext: OTelSpanContext { identity.context }

    /// The trace's id, 32 lowercase hex digits.
    public var traceID: String { identity.context.traceID }

    /// This span's id, 16 lowercase hex digits.
    public var spanID: String { identity.context.spanID }

    /// The name; setting it after the end has no effect.
    public var operationName: String {
        get { state.withLock { $0.name } }
        set { record { state, _ in state.name = newValue } }
    }

    /// The attributes; the last value of a key holds, and what exceeds the limit is dropped and counted.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { record { state, limits in state.set(newValue, limit: limits.attributes) } }
    }

    /// False after the end, and for spans that are not sampled.
    public var isRecording: Bool { recorder != nil && state.withLock { !$0.hasEnded } }

    /// Ok wins over error, and either over none; only an error keeps its message (trace/api.md, Set Status).
    public func setStatus(_ status: SpanStatus) {
        record { state, _ in
            if state.status?.code != .ok { state.status = status }
        }
    }

    /// Adds an event, or counts it as dropped beyond the limit.
    public func addEvent(_ event: SpanEvent) {
        record { state, limits in
            if state.events.count < limits.events {
                state.events.append(event)
            } else {
                state.droppedEvents += 1
            }
        }
    }

    /// Adds a link, or counts it as dropped beyond the limit; a link to a context outside any trace is ignored.
    public func addLink(_ link: SpanLink) {
        guard link.context.spanContext != nil else { return }
        record { state, limits in
            if state.links.count < limits.links {
                state.links.append(link)
            } else {
                state.droppedLinks += 1
            }
        }
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
        let finished: SpanState? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard let finished else { return }
        let span = FinishedSpan(identity: identity, state: finished, endTime: endTime)
        let record = SpanConversion(limits: recorder.limits).convert(span)
        recorder.queue.append(RecordDraft.finished(record, scope: recorder.scope, in: recorder.queue.store))
    }

    private func record(_ change: (inout SpanState, SpanLimits) -> Void) {
        guard let recorder else { return }
        state.withLock { state in
            if !state.hasEnded { change(&state, recorder.limits) }
        }
    }
}

/// What recording spans of one tracer share.
final class SpanRecorder: Sendable {
    let scope: RecordScope
    let limits: SpanLimits
    let queue: RecordQueue

    init(scope: InstrumentationScope, limits: SpanLimits, queue: RecordQueue) {
        self.scope = queue.store.scope(scope)
        self.limits = limits
        self.queue = queue
    }
}

extension SpanState {
    /// Takes the new set; beyond the limit the keys that were there first stay, and each further one counts as dropped.
    fileprivate mutating func set(_ new: SpanAttributes, limit: Int) {
        guard new.count > limit else {
            attributes = new
            return
        }
        let old = attributes
        var kept = SpanAttributes()
        var added: [(String, SpanAttribute)] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        new.forEach { key, value in
            if old.get(key) != nil && kept.count < limit {
                kept.set(key, value: value)
            } else {
                added.append((key, value))
            }
        }
        added.sort { $0.0 < $1.0 }
        let room = limit - kept.count
        for (key, value) in added.prefix(room) { kept.set(key, value: value) }
        droppedAttributes += added.count - min(room, added.count)
        attributes = kept
    }
}
