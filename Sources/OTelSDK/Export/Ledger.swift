import Synchronization

/// What became of everything that was recorded, and of what earlier processes left.
final class Ledger: Sendable {
    /// One signal's outcomes; what came in is counted where it came in.
    struct Outcomes: Sendable {
        var delivered = 0
        var rejected = 0
        var spooled = 0
        var droppedUndelivered = 0
        var droppedOverLimit = 0

        /// Of earlier processes.
        var resent = 0
        var resentRejected = 0
    }

    struct Counts: Sendable {
        var spans = Outcomes()
        var logRecords = Outcomes()
        var metricPoints = Outcomes()
        var collectedPoints = 0

        /// Items that the spool gave up to make room; most are an earlier process's.
        var droppedFromSpool = 0
        var resentRequests = 0
        var corruptFiles = 0
        var metricRequestsDelivered = 0
        var metricRequestsFailed = 0

        /// Why something was not delivered, in a line: the last reason for spans and logs, else the first for metrics.
        var undelivered: String?

        subscript(signal: TelemetrySignal) -> Outcomes {
            get {
                switch signal {
                case .traces: spans
                case .logs: logRecords
                case .metrics: metricPoints
                }
            }
            set {
                switch signal {
                case .traces: spans = newValue
                case .logs: logRecords = newValue
                case .metrics: metricPoints = newValue
                }
            }
        }
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func update(_ change: (inout Counts) -> Void) {
        counts.withLock { change(&$0) }
    }
}
