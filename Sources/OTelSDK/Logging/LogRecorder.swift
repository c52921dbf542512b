import Instrumentation
import OTLPWire
import Tracing

/// What the loggers of one scope share.
final class LogRecorder: Sendable {
    private let scope: RecordScope
    private let store: RecordStore
    private let limits: RecordLimits
    private let queue: RecordQueue
    private let wallClock: @Sendable () -> UInt64

    init(
        scope: InstrumentationScope,
        limits: LogRecordLimits,
        queue: RecordQueue,
        wallClock: @escaping @Sendable () -> UInt64
    ) {
        store = queue.store
        self.scope = queue.store.scope(scope)
        self.limits = RecordLimits(attributes: limits.attributes, valueLength: limits.attributeValueLength)
        self.queue = queue
        self.wallClock = wallClock
    }

    var isEnabled: Bool { !queue.isClosed }

    /// Times in nanoseconds since 1970; nil is not known for the first, and now for the second.
    func begin(
        severity: OTelSeverity?,
        time: UInt64?,
        observedTime: UInt64?,
        context: ServiceContext?
    ) -> LogDraft {
        let span = context?.spanContext
        let start = RecordStart(
            traceID: span?.trace ?? TraceID(high: 0, low: 0),
            spanID: span?.span ?? SpanID(value: 0),
            flags: UInt32(span?.flags ?? 0),
            code: UInt32(severity?.rawValue ?? 0),
            time: time ?? 0,
            endTime: observedTime ?? wallClock()
        )
        return LogDraft(draft: .log(start, scope: scope, in: store), store: store, limits: limits, queue: queue)
    }

    /// The time now, in nanoseconds since 1970.
    var now: UInt64 { wallClock() }
}

/// A log record on its way into the queue; used once, by the caller that emits it.
struct LogDraft: ~Copyable {
    private var draft: RecordDraft
    private let store: RecordStore
    private let limits: RecordLimits
    private let queue: RecordQueue

    init(draft: RecordDraft, store: RecordStore, limits: RecordLimits, queue: RecordQueue) {
        self.draft = draft
        self.store = store
        self.limits = limits
        self.queue = queue
    }

    mutating func severityText(_ text: String) { draft.setSeverityText(text, in: store) }

    mutating func eventName(_ name: String) { draft.setEventName(name, in: store) }

    /// Limits are for attributes; the body stays whole.
    mutating func body(_ body: AttributeValue) { draft.setBody(body, RecordLimits(), in: store) }

    mutating func attribute(_ key: String, _ value: AttributeValue) { draft.set(key, value, limits, in: store) }

    mutating func attribute(_ key: String, _ value: String) { draft.set(key, value, limits, in: store) }

    mutating func attribute(_ key: String, _ value: Int64) { draft.set(key, value, limits, in: store) }

    /// What the error says, but for keys that are taken (specification/logs/sdk.md, Emit a LogRecord).
    mutating func error(_ error: any Error, ifFree: (String) -> Bool) {
        if ifFree("exception.type") { attribute("exception.type", String(reflecting: type(of: error))) }
        if ifFree("exception.message") { attribute("exception.message", String(describing: error)) }
    }

    consuming func emit() {
        queue.append(draft.finish(endTime: 0, in: store))
    }
}
