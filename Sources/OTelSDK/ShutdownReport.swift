/// What became of everything that the process recorded, and of what earlier processes had left.
public struct ShutdownReport: Sendable, Equatable {
    /// Spans, log records and data points, by what became of them; nothing is queued any more.
    public var ledger = TelemetryLedger()

    /// Spans and log records that left the spool undelivered because they were too old or newer ones needed the room.
    public var droppedFromSpool = 0

    /// Requests of earlier processes that were delivered, or refused for good.
    public var resentRequests = 0

    /// Spans in them that the collector took.
    public var resentSpans = 0

    /// Log records in them that the collector took.
    public var resentLogRecords = 0

    /// Spans of earlier processes that the collector refused for good.
    public var resentRejectedSpans = 0

    /// Log records of earlier processes that the collector refused for good.
    public var resentRejectedLogRecords = 0

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

    /// Whether every item is accounted for, and none is left over.
    public var isBalanced: Bool {
        ledger.isBalanced && ledger.spans.queued == 0 && ledger.logRecords.queued == 0
            && ledger.metricPoints.queued == 0
    }
}

extension ShutdownReport {
    init(_ ledger: TelemetryLedger, _ counts: Ledger.Counts, waitingRequests: Int) {
        self.ledger = ledger
        droppedFromSpool = counts.droppedFromSpool
        resentRequests = counts.resentRequests
        resentSpans = counts.spans.resent
        resentLogRecords = counts.logRecords.resent
        resentRejectedSpans = counts.spans.resentRejected
        resentRejectedLogRecords = counts.logRecords.resentRejected
        corruptSpoolFiles = counts.corruptFiles
        self.waitingRequests = waitingRequests
        metricRequestsDelivered = counts.metricRequestsDelivered
        metricRequestsFailed = counts.metricRequestsFailed
        undelivered = counts.undelivered
    }

    /// Spans that were recorded and had ended.
    public var ended: Int { ledger.spans.created }

    /// Spans that the collector took.
    public var delivered: Int { ledger.spans.delivered }

    /// Spans that the collector refused for good, by partial success too.
    public var rejected: Int { ledger.spans.rejected }

    /// Spans that are kept in the spool and leave with the next start.
    public var spooled: Int { ledger.spans.spooled }

    /// Spans given up, of all causes that ``TelemetryLedger/Counts`` tells apart.
    public var dropped: Int { ledger.spans.dropped }
}
