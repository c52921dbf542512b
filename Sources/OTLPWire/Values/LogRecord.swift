/// One log line or event: OTLP's `LogRecord` (logs.proto).
package struct LogRecord: Sendable, Hashable {
    /// Nanoseconds since 1970; zero if the source did not say.
    package var time: UInt64
    /// Nanoseconds since 1970; when the SDK saw it.
    package var observedTime: UInt64
    /// 1 to 24, zero if unknown (TRACE 1, DEBUG 5, INFO 9, WARN 13, ERROR 17, FATAL 21); signed as the wire's enums are.
    package var severityNumber: Int32
    package var severityText: String
    package var body: AttributeValue
    package var attributes: [Attribute]
    package var droppedAttributes: UInt32
    package var traceID: TraceID?
    package var spanID: SpanID?
    /// W3C trace flags in bits 0 to 7.
    package var flags: UInt32
    /// Not empty makes the record an event.
    package var eventName: String

    package init(
        time: UInt64,
        observedTime: UInt64,
        severityNumber: Int32 = 0,
        severityText: String = "",
        body: AttributeValue = .empty,
        attributes: [Attribute] = [],
        droppedAttributes: UInt32 = 0,
        traceID: TraceID? = nil,
        spanID: SpanID? = nil,
        flags: UInt32 = 0,
        eventName: String = ""
    ) {
        self.time = time
        self.observedTime = observedTime
        self.severityNumber = severityNumber
        self.severityText = severityText
        self.body = body
        self.attributes = attributes
        self.droppedAttributes = droppedAttributes
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.eventName = eventName
    }
}
