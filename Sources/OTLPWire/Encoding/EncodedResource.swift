import COTLP

/// A resource as bytes: what a request carries of it, and what the spool keeps.
package struct EncodedResource: Sendable, Hashable {
    /// OTLP's `Resource`.
    package let bytes: [UInt8]
    package let schemaURL: String

    /// The fields `resource` and `schema_url` of OTLP's `ResourceSpans`, `ResourceLogs` and `ResourceMetrics`.
    let prefix: [UInt8]

    package init(bytes: [UInt8], schemaURL: String) {
        self.bytes = bytes
        self.schemaURL = schemaURL
        prefix = EnvelopeFraming.prefix(message: bytes, schemaURL: schemaURL)
    }
}

extension Resource {
    package func encoded() -> EncodedResource {
        let bytes = MessageArena.pack { arena in
            UnsafeMutableRawPointer(wire(&arena)).assumingMemoryBound(to: WireMessage.self)
        }
        return EncodedResource(bytes: bytes, schemaURL: schemaURL)
    }
}

extension InstrumentationScope {
    /// The fields `scope` and `schema_url` of OTLP's `ScopeSpans`, `ScopeLogs` and `ScopeMetrics`.
    func envelopePrefix() -> [UInt8] {
        let bytes = MessageArena.pack { arena in
            UnsafeMutableRawPointer(wire(&arena)).assumingMemoryBound(to: WireMessage.self)
        }
        return EnvelopeFraming.prefix(message: bytes, schemaURL: schemaURL)
    }
}
