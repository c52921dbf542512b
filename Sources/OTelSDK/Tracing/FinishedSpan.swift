import Instrumentation
import OTLPWire
import Tracing

/// A span as it stands in the queue: what the caller set, not yet in OTLP's form, so that `end()` stays cheap.
struct FinishedSpan: Sendable {
    let identity: SpanIdentity
    let state: SpanState
    let endTime: UInt64
}

/// What is fixed at a span's start.
struct SpanIdentity: Sendable {
    let context: OTelSpanContext
    let parent: OTelSpanContext?
    let kind: SpanKind
    let startTime: UInt64
}

/// What a caller may change until the end.
struct SpanState: Sendable {
    var name: String
    var attributes = SpanAttributes()
    var droppedAttributes = 0
    var events: [SpanEvent] = []
    var droppedEvents = 0
    var links: [SpanLink] = []
    var droppedLinks = 0
    var status: SpanStatus?
    var hasEnded = false
}
