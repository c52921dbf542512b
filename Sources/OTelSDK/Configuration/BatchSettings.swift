/// How ended spans are gathered into requests (OTEL_BSP_*).
public struct BatchSettings: Sendable, Equatable {
    /// The longest that an ended span waits for company.
    public var scheduleDelay = Duration.seconds(5)

    /// An upper bound for one batch, retries included; the smaller of this and the export timeout holds.
    public var exportTimeout = Duration.seconds(30)

    /// How many ended spans may wait; what comes on top is dropped and counted.
    public var maxQueueSize = 2048

    /// How many spans one request holds at most.
    public var maxExportBatchSize = 512

    /// How many requests may be under way at once; more help where the collector is far away.
    public var concurrentExports = 1

    /// Makes the specification's defaults.
    public init() {}
}

/// How much one log record may carry; what comes on top is dropped and counted in the record itself.
public struct LogRecordLimits: Sendable, Equatable {
    /// Attributes of a record.
    public var attributes = 128

    /// Characters of a string value, in arrays too; nil is no limit.
    public var attributeValueLength: Int?

    /// Makes the specification's defaults.
    public init() {}
}

/// How much one span may carry; what comes on top is dropped and counted in the span itself.
public struct SpanLimits: Sendable, Equatable {
    /// Attributes of a span.
    public var attributes = 128

    /// Events of a span.
    public var events = 128

    /// Links of a span.
    public var links = 128

    /// Attributes of one event.
    public var attributesPerEvent = 128

    /// Attributes of one link.
    public var attributesPerLink = 128

    /// Characters of a string value, in arrays too; nil is no limit.
    public var attributeValueLength: Int?

    /// Makes the specification's defaults.
    public init() {}
}
