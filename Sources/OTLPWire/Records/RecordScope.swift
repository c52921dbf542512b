/// An instrumentation scope as a store knows it, with its bytes for the envelope; lives as long as the store.
package final class RecordScope: Sendable {
    package let scope: InstrumentationScope
    let id: UInt32
    /// The fields `scope` and `schema_url` of OTLP's `ScopeSpans`, `ScopeLogs` and `ScopeMetrics`.
    let prefix: [UInt8]

    init(_ scope: InstrumentationScope, id: UInt32) {
        self.scope = scope
        self.id = id
        prefix = scope.envelopePrefix()
    }
}

/// One finished record; its memory is the store's until it is released.
@safe package struct RecordHandle: @unchecked Sendable, Hashable {
    // A finished record is not changed by anybody, so that any thread may read it.
    let base: UnsafeMutableRawPointer

    var extent: Extent { Extent(base: base) }

    /// Whether all of it lies in memory that was given, and so outlives the process.
    package var isDurable: Bool { sequence(first: extent) { $0.next }.allSatisfy { $0.place == .given } }
}

/// Where regions of record memory come from; nil in place of one means the heap.
package protocol RecordMemory: Sendable {
    /// Another region of at least this many bytes (zeroed), or nil: the store then falls back to the heap and counts it.
    ///
    /// The memory must stay until the process ends, or until the store is gone and all its records were released.
    func makeRegion(atLeast bytes: Int) -> UnsafeMutableRawBufferPointer?
}

/// How much one record may carry; what comes on top is dropped and counted in the record.
package struct RecordLimits: Sendable {
    package var attributes = 128
    package var events = 128
    package var links = 128
    /// Characters of a text and bytes of a byte string, in arrays and maps too; nil is no limit.
    package var valueLength: Int?

    package init(attributes: Int = 128, events: Int = 128, links: Int = 128, valueLength: Int? = nil) {
        self.attributes = attributes
        self.events = events
        self.links = links
        self.valueLength = valueLength
    }
}
