/// The fixed part of a record, at the beginning of its first extent; a span's and a log record's are laid out alike.
///
/// Ids are big-endian, so that protobuf-c can be given a pointer to them. Offsets in bytes:
///
///     48 trace id · 64 span id · 72 parent id · 80 start time, or a log record's time · 88 end time, or its observed time
///     96 scope (a pointer of this process) · 104 scope id u32 · 108 flags u32 · 112 kind or severity u32 · 116 status u32
///     120 dropped attributes u32 · 124 dropped events u32 · 128 dropped links u32 · 132 attributes u32 · 136 events u32
///     140 links u32 · 144 entries
struct RecordHead {
    static let size = 144

    let base: UnsafeMutableRawPointer

    init(_ extent: Extent) {
        base = extent.base
    }

    var traceID: UnsafeMutableRawPointer { base + 48 }
    var spanID: UnsafeMutableRawPointer { base + 64 }
    var parentID: UnsafeMutableRawPointer { base + 72 }

    var startTime: UInt64 {
        get { base.load(fromByteOffset: 80, as: UInt64.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: 80, as: UInt64.self) }
    }

    var endTime: UInt64 {
        get { base.load(fromByteOffset: 88, as: UInt64.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: 88, as: UInt64.self) }
    }

    /// Kept alive by the store.
    var scope: RecordScope {
        Unmanaged<RecordScope>.fromOpaque(scopePointer).takeUnretainedValue()
    }

    var scopePointer: UnsafeRawPointer { base.load(fromByteOffset: 96, as: UnsafeRawPointer.self) }

    var scopeID: UInt32 { self[104] }

    var flags: UInt32 { self[108] }

    /// A span's kind, or a log record's severity number.
    var code: UInt32 { self[112] }

    var status: UInt32 {
        get { self[116] }
        nonmutating set { self[116] = newValue }
    }

    var droppedAttributes: UInt32 {
        get { self[120] }
        nonmutating set { self[120] = newValue }
    }

    var droppedEvents: UInt32 {
        get { self[124] }
        nonmutating set { self[124] = newValue }
    }

    var droppedLinks: UInt32 {
        get { self[128] }
        nonmutating set { self[128] = newValue }
    }

    var attributes: UInt32 {
        get { self[132] }
        nonmutating set { self[132] = newValue }
    }

    var events: UInt32 {
        get { self[136] }
        nonmutating set { self[136] = newValue }
    }

    var links: UInt32 {
        get { self[140] }
        nonmutating set { self[140] = newValue }
    }

    /// Writes everything that is known at the start; the rest is zero.
    func begin(_ start: RecordStart, scope: RecordScope) {
        traceID.storeBytes(of: start.traceID.high.bigEndian, as: UInt64.self)
        traceID.storeBytes(of: start.traceID.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        spanID.storeBytes(of: start.spanID.value.bigEndian, as: UInt64.self)
        parentID.storeBytes(of: start.parentSpanID.value.bigEndian, as: UInt64.self)
        startTime = start.time
        endTime = start.endTime
        base.storeBytes(of: Unmanaged.passUnretained(scope).toOpaque(), toByteOffset: 96, as: UnsafeRawPointer.self)
        self[104] = scope.id
        self[108] = start.flags
        self[112] = start.code
        for offset in stride(from: 116, to: Self.size, by: 4) { self[offset] = 0 }
    }

    private subscript(offset: Int) -> UInt32 {
        get { base.load(fromByteOffset: offset, as: UInt32.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: offset, as: UInt32.self) }
    }
}

/// What is fixed when a record begins.
package struct RecordStart: Sendable {
    /// Zero for a log record outside any trace.
    package var traceID: TraceID
    package var spanID: SpanID
    /// Zero for the root of a trace.
    package var parentSpanID: SpanID
    /// As ``SpanRecord/flags``.
    package var flags: UInt32
    /// A span's kind or a log record's severity, by OTLP's numbers.
    package var code: UInt32
    /// Start of a span, or time of a log record; nanoseconds since 1970.
    package var time: UInt64
    /// Observed time of a log record; a span's end is written when it ends.
    package var endTime: UInt64

    package init(
        traceID: TraceID = TraceID(high: 0, low: 0),
        spanID: SpanID = SpanID(value: 0),
        parentSpanID: SpanID = SpanID(value: 0),
        flags: UInt32 = 0,
        code: UInt32 = 0,
        time: UInt64,
        endTime: UInt64 = 0
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.flags = flags
        self.code = code
        self.time = time
        self.endTime = endTime
    }
}
