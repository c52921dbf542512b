import Synchronization

/// What became of every span; the sums balance at any time when nothing is under way.
///
/// ended = delivered + rejected + dropped + spooled + queued.
final class Ledger: Sendable {
    struct Counts: Sendable {
        var delivered = 0
        var rejected = 0
        var spooled = 0
        var droppedUndelivered = 0

        /// Spans that the spool gave up to make room; most are an earlier process's.
        var droppedFromSpool = 0
        var resentRequests = 0
        var resentSpans = 0
        var resentRejectedSpans = 0
        var corruptFiles = 0
        var metricRequestsDelivered = 0
        var metricRequestsFailed = 0

        /// Why something was not delivered, in a line: the last reason for spans, else the first for metrics.
        var undelivered: String?
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func update(_ change: (inout Counts) -> Void) {
        counts.withLock { change(&$0) }
    }
}
