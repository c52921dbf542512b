public import Instrumentation
import OTLPWire

/// What identifies a span across process borders: W3C Trace Context as a value.
public struct OTelSpanContext: Sendable, Hashable {
    /// The trace's id.
    let trace: TraceID

    /// The span's id.
    let span: SpanID

    /// W3C trace flags: 0x01 sampled, 0x02 the trace id is random (Level 2).
    public let flags: UInt8

    /// W3C `tracestate` as received, empty if there is none.
    public let traceState: String

    /// Whether it came from another process.
    public let isRemote: Bool

    init(trace: TraceID, span: SpanID, flags: UInt8, traceState: String = "", isRemote: Bool = false) {
        self.trace = trace
        self.span = span
        self.flags = flags
        self.traceState = traceState
        self.isRemote = isRemote
    }

    /// The trace's id, 32 lowercase hex digits.
    public var traceID: String { trace.hex }

    /// The span's id, 16 lowercase hex digits.
    public var spanID: String { span.hex }

    /// Whether the trace is recorded.
    public var isSampled: Bool { flags & Self.sampledFlag != 0 }

    static let sampledFlag: UInt8 = 0x01
    static let randomFlag: UInt8 = 0x02

    /// OTLP's `flags`: the W3C flags, and that it is known whether the span is remote (trace.proto, SpanFlags).
    var wireFlags: UInt32 { UInt32(flags) | 0x100 | (isRemote ? 0x200 : 0) }
}

private enum SpanContextKey: ServiceContextKey {
    typealias Value = OTelSpanContext
    static let nameOverride: String? = "otel-span-context"
}

extension ServiceContext {
    /// The span that this context belongs to, made by ``OTelTracer`` here or extracted from another process.
    public internal(set) var spanContext: OTelSpanContext? {
        get { self[SpanContextKey.self] }
        set { self[SpanContextKey.self] = newValue }
    }

    /// The trace's id, 32 lowercase hex digits; nil outside a trace.
    public var traceID: String? { spanContext?.traceID }

    /// The span's id, 16 lowercase hex digits; nil outside a trace.
    public var spanID: String? { spanContext?.spanID }
}
