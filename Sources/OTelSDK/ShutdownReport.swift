/// What became of everything that the process recorded: `ended == delivered + rejected + dropped + spooled`.
public struct ShutdownReport: Sendable, Equatable {
    /// Spans that were recorded and had ended.
    public var ended = 0

    /// Spans that the collector took.
    public var delivered = 0

    /// Spans that the collector refused for good, by partial success too.
    public var rejected = 0

    /// Spans that are kept in the spool and leave with the next start.
    public var spooled = 0

    /// Spans given up, of all causes below.
    public var dropped: Int { droppedQueueFull + droppedAfterShutdown + droppedUndelivered }

    /// Spans that ended while the queue was full.
    public var droppedQueueFull = 0

    /// Spans that ended after shutdown had begun.
    public var droppedAfterShutdown = 0

    /// Spans that were not delivered and could not be kept.
    public var droppedUndelivered = 0

    /// Spans that left the spool undelivered because newer ones needed the room.
    public var droppedFromSpool = 0

    /// Requests of earlier processes that were delivered.
    public var resentRequests = 0

    /// Spans in them.
    public var resentSpans = 0

    /// Spans of earlier processes that the collector refused for good.
    public var resentRejectedSpans = 0

    /// Spool files that could not be read and were set aside.
    public var corruptSpoolFiles = 0

    /// Requests that wait in the spool, of all processes.
    public var waitingRequests = 0

    /// Collections of metrics that the collector took.
    public var metricRequestsDelivered = 0

    /// Collections of metrics that it did not take; the next collection has the same totals.
    public var metricRequestsFailed = 0

    /// Why something was not delivered, in a line; nil where all was.
    public var undelivered: String?

    /// Whether every ended span is accounted for.
    public var isBalanced: Bool { ended == delivered + rejected + dropped + spooled }
}

extension ShutdownReport {
    init(spans: RecordQueue.Counts, ledger: Ledger.Counts, waitingRequests: Int) {
        ended = spans.ended
        delivered = ledger.delivered
        rejected = ledger.rejected
        spooled = ledger.spooled
        droppedQueueFull = spans.droppedFull
        droppedAfterShutdown = spans.droppedClosed
        droppedUndelivered = ledger.droppedUndelivered
        droppedFromSpool = ledger.droppedFromSpool
        resentRequests = ledger.resentRequests
        resentSpans = ledger.resentSpans
        resentRejectedSpans = ledger.resentRejectedSpans
        corruptSpoolFiles = ledger.corruptFiles
        self.waitingRequests = waitingRequests
        metricRequestsDelivered = ledger.metricRequestsDelivered
        metricRequestsFailed = ledger.metricRequestsFailed
        undelivered = ledger.undelivered
    }
}
