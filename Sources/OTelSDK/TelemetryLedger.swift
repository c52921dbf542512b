/// Where everything that this process recorded is now; see ``OTel/ledger``.
public struct TelemetryLedger: Sendable, Equatable {
    /// One signal's items: `created == delivered + rejected + dropped + spooled + queued`, at any time.
    public struct Counts: Sendable, Equatable {
        /// Spans that were recorded and have ended, log records that were made, or data points that were collected.
        public var created = 0

        /// Taken by the collector; by the first file or the standard output where no collector is configured.
        public var delivered = 0

        /// Refused for good by the collector, by partial success too.
        public var rejected = 0

        /// Given up, of all causes below.
        public var dropped: Int { droppedQueueFull + droppedAfterShutdown + droppedUndelivered + droppedOverLimit }

        /// They came while the queue was full.
        public var droppedQueueFull = 0

        /// They came after shutdown had begun.
        public var droppedAfterShutdown = 0

        /// They were not delivered and could not be kept; metrics come again with the next collection.
        public var droppedUndelivered = 0

        /// One alone made a request over ``OTelConfiguration/maxRequestBytes``.
        public var droppedOverLimit = 0

        /// Kept in the spool; they leave with this process or the next.
        public var spooled = 0

        /// Waiting for their turn or on their way to the collector.
        public var queued = 0

        /// Whether every item is accounted for.
        public var isBalanced: Bool { created == delivered + rejected + dropped + spooled + queued }
    }

    /// Spans.
    public var spans = Counts()

    /// Log records.
    public var logRecords = Counts()

    /// Data points of metrics.
    public var metricPoints = Counts()

    /// Whether every item of every signal is accounted for.
    public var isBalanced: Bool { spans.isBalanced && logRecords.isBalanced && metricPoints.isBalanced }
}

extension TelemetryLedger.Counts {
    init(_ queue: RecordQueue.Counts, _ outcomes: Ledger.Outcomes) {
        self.init(
            created: queue.ended,
            droppedQueueFull: queue.droppedFull,
            droppedClosed: queue.droppedClosed,
            outcomes
        )
    }

    /// What has no outcome yet is queued.
    init(created: Int, droppedQueueFull: Int = 0, droppedClosed: Int = 0, _ outcomes: Ledger.Outcomes) {
        self.created = created
        delivered = outcomes.delivered
        rejected = outcomes.rejected
        spooled = outcomes.spooled
        self.droppedQueueFull = droppedQueueFull
        droppedAfterShutdown = droppedClosed
        droppedUndelivered = outcomes.droppedUndelivered
        droppedOverLimit = outcomes.droppedOverLimit
        queued = created - delivered - rejected - dropped - spooled
    }
}
