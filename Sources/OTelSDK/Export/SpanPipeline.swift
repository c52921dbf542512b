import OTLPWire
import Synchronization

/// Takes ended spans from the queue, sends them batch by batch, and spools what the collector does not take.
///
/// One task at a time runs it: the background work, and after that shutdown.
final class SpanPipeline: Sendable {
    private let configuration: OTelConfiguration
    private let encoder: RecordEncoder
    private let queue: RecordQueue
    private let exporter: OTLPExporter
    private let spool: Spool?
    private let ledger: Ledger
    private let reporter: DiagnosticReporter

    /// Those who wait in ``flush(atMost:)``.
    private let flushes = Mutex<[Signal]>([])

    /// Whether something may lie in the spool that this process could send.
    private let mayHaveSpooled = Atomic(true)

    init(
        configuration: OTelConfiguration,
        resource: Resource,
        queue: RecordQueue,
        exporter: OTLPExporter,
        spool: Spool?,
        ledger: Ledger,
        reporter: DiagnosticReporter
    ) {
        self.configuration = configuration
        encoder = RecordEncoder(resource: resource)
        self.queue = queue
        self.exporter = exporter
        self.spool = spool
        self.ledger = ledger
        self.reporter = reporter
    }

    private var shutdown: ShutdownState { exporter.shutdown }

    private var budget: Duration {
        min(configuration.traces.exportTimeout ?? configuration.exportTimeout, configuration.batch.exportTimeout)
    }

    /// The background work: the spool, then batches, until shutdown begins.
    func run() async {
        await spool?.clean()
        await resend()
        while !shutdown.hasBegun {
            if flushes.withLock({ $0.isEmpty }) {
                await queue.wake.wait(atMost: configuration.batch.scheduleDelay, exporter.time)
            }
            guard !shutdown.hasBegun else { return }
            let waiting = takeFlushes()
            let isTaken = await sendAll()
            for flush in waiting { flush.raise() }
            // The collector is there again; what it missed before goes now.
            if isTaken, mayHaveSpooled.load(ordering: .relaxed) { await resend() }
        }
    }

    /// The last work: whatever is queued is sent, spooled or counted as dropped.
    func finish() async {
        await sendAll()
        for flush in takeFlushes() { flush.raise() }
    }

    /// Waits until the background work has dealt with what had ended before, or the time has passed.
    func flush(atMost duration: Duration) async {
        let done = Signal(isLasting: true)
        flushes.withLock { $0.append(done) }
        queue.wakeReader()
        await done.wait(atMost: duration, exporter.time)
    }

    private func takeFlushes() -> [Signal] {
        flushes.withLock { flushes in
            defer { flushes = [] }
            return flushes
        }
    }

    /// - Returns: whether the collector took something.
    @discardableResult
    private func sendAll() async -> Bool {
        var isTaken = false
        while true {
            let batch = queue.takeBatch()
            if batch.isEmpty { return isTaken }
            isTaken = await send(batch) || isTaken
        }
    }

    private func send(_ batch: [RecordHandle]) async -> Bool {
        let items = encoder.encode(batch)
        let request = items.request(0..<items.count)
        defer { queue.store.release(batch) }
        switch await exporter.export(request, budget: budget) {
        case .delivered(let partial):
            let rejected = report(partial, of: batch.count)
            ledger.update { counts in
                counts.rejected += rejected
                counts.delivered += batch.count - rejected
            }
            return true
        case .rejected(let status):
            ledger.update { counts in
                counts.rejected += batch.count
                counts.undelivered = "spans were refused: \(status)"
            }
            reporter.report(
                .rejected,
                "the collector refused \(batch.count) spans for good, they are dropped: \(status)"
            )
            return false
        case .undelivered(let status):
            await keep(SpoolRecord(signal: .traces, items: batch.count, request: Array(request)), because: "\(status)")
            return false
        }
    }

    private func report(_ partial: PartialSuccess?, of count: Int) -> Int {
        guard let partial else { return 0 }
        let rejected = Int(min(max(partial.rejected, 0), Int64(count)))
        if rejected > 0 {
            reporter.report(.rejected, "the collector refused \(rejected) of \(count) spans: \(partial.message)")
        } else {
            reporter.report(.collectorMessage, "the collector says: \(partial.message)")
        }
        return rejected
    }

    private func keep(_ record: SpoolRecord, because reason: String) async {
        ledger.update { $0.undelivered = "spans were not delivered: \(reason)" }
        guard let spool else {
            ledger.update { $0.droppedUndelivered += record.items }
            reporter.report(
                .dropped,
                "\(record.items) spans were not delivered and are dropped, as there is no spool directory: \(reason)"
            )
            return
        }
        switch await spool.keep(record) {
        case .kept(let dropped):
            ledger.update { counts in
                counts.spooled += record.items
                counts.droppedFromSpool += dropped.total
            }
            mayHaveSpooled.store(true, ordering: .relaxed)
            reporter.report(.spooled, "\(record.items) spans were not delivered and are kept for later: \(reason)")
            if dropped.total > 0 {
                reporter.report(.dropped, "the spool is full; its oldest \(dropped.total) spans made room")
            }
        case .failed(let problem):
            ledger.update { $0.droppedUndelivered += record.items }
            reporter.report(.spool, "\(record.items) spans could not be kept and are dropped: \(problem)")
        }
    }

    /// Sends what earlier processes left, oldest first, until something is not taken.
    private func resend() async {
        guard let spool else { return }
        mayHaveSpooled.store(false, ordering: .relaxed)
        var unreadable: Set<String> = []
        // At shutdown the newest spans get at least half of the bound.
        while shutdown.remaining(atMost: configuration.shutdownTimeout) * 2 >= configuration.shutdownTimeout {
            switch await spool.next() {
            case .nothing: return
            case .corrupt(let name):
                // A directory that cannot be changed gives the same file again.
                guard unreadable.insert(name).inserted else { return }
                ledger.update { $0.corruptFiles += 1 }
                reporter.report(.spool, "spool file \(name) cannot be read and was set aside")
            case .expired(let record):
                ledger.update { $0.droppedFromSpool += record.items }
                reporter.report(.dropped, "\(record.items) spans in the spool have become too old and are dropped")
            case .record(let record, let claim):
                guard await resend(record, claim, spool) else {
                    mayHaveSpooled.store(true, ordering: .relaxed)
                    return
                }
            }
        }
    }

    /// - Returns: false if the collector is not there, and the rest may stay.
    private func resend(_ record: SpoolRecord, _ claim: Spool.Claim, _ spool: Spool) async -> Bool {
        defer { withExtendedLifetime(claim) {} }
        switch await exporter.export(record.request, budget: budget, retries: false) {
        case .delivered(let partial):
            await spool.delete(claim)
            let rejected = report(partial, of: record.items)
            ledger.update { counts in
                counts.resentRequests += 1
                counts.resentSpans += record.items - rejected
                counts.resentRejectedSpans += rejected
            }
            reporter.report(.resent, "\(record.items) spans of an earlier run were delivered")
        case .rejected(let status):
            await spool.delete(claim)
            ledger.update { $0.resentRejectedSpans += record.items }
            reporter.report(
                .rejected,
                "the collector refused \(record.items) spans of an earlier run for good: \(status)"
            )
        case .undelivered:
            return false
        }
        return true
    }
}
