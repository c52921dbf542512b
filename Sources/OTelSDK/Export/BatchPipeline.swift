import GRPCTransport
import OTLPWire
import Synchronization

/// Takes spans or log records from their queue, sends them batch by batch, and spools what the collector does not take.
///
/// One task at a time runs it: the background work, and after that shutdown.
final class BatchPipeline: Sendable {
    let queue: RecordQueue
    private let settings: BatchSettings
    private let encoder: RecordEncoder
    private let exporters: SignalExporters
    private let spool: SpoolSender?
    private let ledger: Ledger
    private let reporter: DiagnosticReporter

    /// Those who wait in ``flush(atMost:)``.
    private let flushes = Mutex<[Flush]>([])

    init(
        settings: BatchSettings,
        resource: Resource,
        queue: RecordQueue,
        exporters: SignalExporters,
        spool: SpoolSender?,
        ledger: Ledger,
        reporter: DiagnosticReporter
    ) {
        self.settings = settings
        self.queue = queue
        encoder = RecordEncoder(resource: resource)
        self.exporters = exporters
        self.spool = exporters.first.exporter.hasSpool ? spool : nil
        self.ledger = ledger
        self.reporter = reporter
    }

    private var signal: TelemetrySignal { exporters.first.exporter.signal }
    private var shutdown: ShutdownState { exporters.first.exporter.shutdown }
    private var time: TimeSource { exporters.first.exporter.time }

    /// The background work until shutdown begins: whole batches at once, fewer when the first of them has waited enough.
    func run() async {
        var due: Duration?
        while !shutdown.hasBegun {
            if flushes.withLock({ $0.isEmpty }), !queue.hasFullBatch {
                // An empty queue has nothing that could become due, so an idle process sleeps.
                due = queue.isEmpty ? nil : due ?? time.now() + settings.scheduleDelay
                await queue.wake.wait(atMost: due.map { $0 - time.now() }, time)
            }
            guard !shutdown.hasBegun else { return }
            let waiting = takeFlushes()
            let isDue = !waiting.isEmpty || due.map { time.now() >= $0 } ?? false
            let outcome = await sendAll(onlyWhole: !isDue)
            if isDue { due = nil }
            for flush in waiting { flush.finish(outcome.isComplete) }
            // The collector is there again; what it missed before goes now.
            if outcome.isTaken { await spool?.resend() }
        }
    }

    /// The last work: whatever is queued is sent, spooled or counted as dropped.
    func finish() async {
        let outcome = await sendAll(onlyWhole: false)
        for flush in takeFlushes() { flush.finish(outcome.isComplete) }
        // A short process has looked but once before, and the collector may have been away just then.
        if outcome.isTaken { await spool?.resend() }
    }

    /// Waits until the background work has dealt with what had ended before, or the time has passed.
    ///
    /// - Returns: whether all of it was delivered.
    func flush(atMost duration: Duration) async -> Bool {
        let flush = Flush()
        flushes.withLock { $0.append(flush) }
        queue.wake.raise()
        await flush.done.wait(atMost: duration, time)
        return flush.isComplete
    }

    private func takeFlushes() -> [Flush] {
        flushes.withLock { flushes in
            defer { flushes = [] }
            return flushes
        }
    }

    // MARK: Sending

    /// What became of several batches.
    private struct Outcome {
        /// The collector took something.
        var isTaken = false
        /// The collector took everything.
        var isComplete = true

        mutating func add(_ other: Outcome) {
            isTaken = isTaken || other.isTaken
            isComplete = isComplete && other.isComplete
        }
    }

    private func sendAll(onlyWhole: Bool) async -> Outcome {
        guard settings.concurrentExports > 1 else {
            var outcome = Outcome()
            while let batch = nextBatch(onlyWhole) { outcome.add(await send(batch)) }
            return outcome
        }
        return await withTaskGroup(of: Outcome.self) { group in
            var outcome = Outcome()
            var underWay = 0
            while let batch = nextBatch(onlyWhole) {
                group.addTask { await self.send(batch) }
                underWay += 1
                if underWay == settings.concurrentExports, let one = await group.next() {
                    outcome.add(one)
                    underWay -= 1
                }
            }
            for await one in group { outcome.add(one) }
            return outcome
        }
    }

    private func nextBatch(_ onlyWhole: Bool) -> Batch? {
        guard !onlyWhole || queue.hasFullBatch else { return nil }
        let records = queue.takeBatch()
        if records.isEmpty { return nil }
        return Batch(records: records, items: encoder.encode(records))
    }

    private struct Batch: Sendable {
        let records: [RecordHandle]
        let items: EncodedItems
    }

    private func send(_ batch: Batch) async -> Outcome {
        let result = await exporters.deliver(batch.items)
        ledger.update { counts in
            counts[signal].delivered += result.delivered
            counts[signal].rejected += result.rejected
            counts[signal].droppedOverLimit += result.overLimit
            if let refusal = result.refusal { counts.undelivered = "\(signal.noun) were refused: \(refusal)" }
        }
        // Until they are released, the records are what a killed process leaves; and so what a full disk cannot take.
        let isSafe = queue.store.isDurable && batch.records.allSatisfy(\.isDurable)
        var isReleased = true
        for range in result.undelivered {
            isReleased = await keep(batch.items, range, isSafe, because: result.failure) && isReleased
        }
        if isReleased { queue.store.release(batch.records) }
        return Outcome(isTaken: result.isTaken, isComplete: result.isWhole)
    }

    /// Keeps what was not taken: in the spool, or where it is if that has no room and the records are `safe`.
    ///
    /// - Returns: whether the records are not needed any more.
    private func keep(
        _ items: EncodedItems,
        _ range: Range<Int>,
        _ isSafe: Bool,
        because failure: GRPCStatus?
    ) async -> Bool {
        let reason = failure.map { "\($0)" } ?? "no reason was given"
        let text = "\(range.count) \(signal.noun) were not delivered"
        ledger.update { $0.undelivered = "\(signal.noun) were not delivered: \(reason)" }
        guard let spool else {
            ledger.update { $0[signal].droppedUndelivered += range.count }
            reporter.report(.dropped, "\(text) and are dropped, as there is no spool directory: \(reason)")
            return true
        }
        let record = SpoolRecord(signal: signal, items: range.count, request: items.request(range))
        if let problem = await spool.keep(record) {
            guard !isSafe else {
                ledger.update { $0[signal].spooled += range.count }
                reporter.report(.spool, "\(text) and stay in this process's file for the next start: \(problem)")
                return false
            }
            ledger.update { $0[signal].droppedUndelivered += range.count }
            reporter.report(.spool, "\(range.count) \(signal.noun) could not be kept and are dropped: \(problem)")
        } else {
            ledger.update { $0[signal].spooled += range.count }
            reporter.report(.spooled, "\(text) and are kept for later: \(reason)")
        }
        return true
    }
}

/// Somebody waits until what had ended is dealt with.
private final class Flush: Sendable {
    let done = Signal(isLasting: true)
    private let outcome = Atomic(false)

    /// False also while it is not done.
    var isComplete: Bool { outcome.load(ordering: .acquiring) }

    func finish(_ isComplete: Bool) {
        outcome.store(isComplete, ordering: .releasing)
        done.raise()
    }
}
