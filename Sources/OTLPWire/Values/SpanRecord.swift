/// A finished span, as OTLP's `Span` carries it (trace.proto).
package struct SpanRecord: Sendable, Hashable {
    package var traceID: TraceID
    package var spanID: SpanID
    /// Nil for the root of a trace.
    package var parentSpanID: SpanID?
    /// W3C `tracestate`, as it was received.
    package var traceState: String
    /// W3C trace flags in bits 0 to 7; 0x100 says that 0x200 (the parent is remote) is known.
    package var flags: UInt32
    package var name: String
    package var kind: Kind
    /// Nanoseconds since 1970.
    package var startTime: UInt64
    /// Nanoseconds since 1970.
    package var endTime: UInt64
    package var attributes: [Attribute]
    package var droppedAttributes: UInt32
    package var events: [Event]
    package var droppedEvents: UInt32
    package var links: [Link]
    package var droppedLinks: UInt32
    package var status: Status

    package init(
        traceID: TraceID,
        spanID: SpanID,
        parentSpanID: SpanID? = nil,
        traceState: String = "",
        flags: UInt32 = 0,
        name: String,
        kind: Kind = .internal,
        startTime: UInt64,
        endTime: UInt64,
        attributes: [Attribute] = [],
        droppedAttributes: UInt32 = 0,
        events: [Event] = [],
        droppedEvents: UInt32 = 0,
        links: [Link] = [],
        droppedLinks: UInt32 = 0,
        status: Status = Status()
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.traceState = traceState
        self.flags = flags
        self.name = name
        self.kind = kind
        self.startTime = startTime
        self.endTime = endTime
        self.attributes = attributes
        self.droppedAttributes = droppedAttributes
        self.events = events
        self.droppedEvents = droppedEvents
        self.links = links
        self.droppedLinks = droppedLinks
        self.status = status
    }
}

extension SpanRecord {
    /// A span's role in the call that it describes; raw values are OTLP's.
    package enum Kind: UInt32, Sendable, Hashable {
        /// Only ever received.
        case unspecified = 0
        case `internal` = 1
        case server = 2
        case client = 3
        case producer = 4
        case consumer = 5
    }

    /// How the span ended.
    package struct Status: Sendable, Hashable {
        /// Raw values are OTLP's.
        package enum Code: UInt32, Sendable, Hashable {
            case unset = 0
            case ok = 1
            case error = 2
        }

        package var code: Code
        /// For a person; only an error has one.
        package var message: String

        package init(code: Code = .unset, message: String = "") {
            self.code = code
            self.message = message
        }
    }

    /// Something that happened at one moment within the span.
    package struct Event: Sendable, Hashable {
        /// Nanoseconds since 1970.
        package var time: UInt64
        package var name: String
        package var attributes: [Attribute]
        package var droppedAttributes: UInt32

        package init(time: UInt64, name: String, attributes: [Attribute] = [], droppedAttributes: UInt32 = 0) {
            self.time = time
            self.name = name
            self.attributes = attributes
            self.droppedAttributes = droppedAttributes
        }
    }

    /// Another span, of this trace or another, that this one has to do with.
    package struct Link: Sendable, Hashable {
        package var traceID: TraceID
        package var spanID: SpanID
        package var traceState: String
        package var attributes: [Attribute]
        package var droppedAttributes: UInt32
        /// As ``SpanRecord/flags``, about the linked span.
        package var flags: UInt32

        package init(
            traceID: TraceID,
            spanID: SpanID,
            traceState: String = "",
            attributes: [Attribute] = [],
            droppedAttributes: UInt32 = 0,
            flags: UInt32 = 0
        ) {
            self.traceID = traceID
            self.spanID = spanID
            self.traceState = traceState
            self.attributes = attributes
            self.droppedAttributes = droppedAttributes
            self.flags = flags
        }
    }
}
