import GRPCTransport
import OTLPWire
import Synchronization

/// Puts into the spool what the collector does not take, and sends it when the collector is there again.
///
/// One task at a time sends; who comes meanwhile need not wait.
final class SpoolSender: Sendable {
    private let spool: Spool
    private let deliveries: [TelemetrySignal: BatchDelivery]
    private let shutdown: ShutdownState
    private let shutdownTimeout: Duration
    private let ledger: Ledger
    private let reporter: DiagnosticReporter

    /// Whether something may lie in the spool that this process could send.
    private let mayHaveSome = Atomic(true)
    private let isSending = Atomic(false)
    private let hasBegun = Signal(isLasting: true)

    /// Hashes of what this process has put there and has not sent yet: it leaves the ledger's `spooled` when it is sent.
    private let own = Mutex<Set<Int>>([])

    init(
        spool: Spool,
        deliveries: [BatchDelivery],
        shutdown: ShutdownState,
        shutdownTimeout: Duration,
        ledger: Ledger,
        reporter: DiagnosticReporter
    ) {
        self.spool = spool
        self.deliveries = Dictionary(deliveries.map { ($0.exporter.signal, $0) }) { first, _ in first }
        self.shutdown = shutdown
        self.shutdownTimeout = shutdownTimeout
        self.ledger = ledger
        self.reporter = reporter
    }

    /// Keeps a request for later.
    ///
    /// - Returns: why it could not be kept; nil if it was.
    func keep(_ record: SpoolRecord, isOwn: Bool = true) async -> String? {
        switch await spool.keep(record) {
        case .kept(let dropped):
            if isOwn { _ = own.withLock { $0.insert(Self.hash(record)) } }
            ledger.update { $0.droppedFromSpool += dropped.total }
            mayHaveSome.store(true, ordering: .relaxed)
            if dropped.total > 0 {
                reporter.report(.dropped, "the spool is full; its oldest \(dropped.total) items made room")
            }
            return nil
        case .failed(let problem):
            return problem
        }
    }

    /// The first thing in the background: makes order, and sends what earlier processes left.
    func begin() async {
        await spool.clean()
        await recover()
        await resend()
        hasBegun.raise()
    }

    /// Waits until what earlier processes left was sent, or the collector did not take it, or the time has passed.
    func waitForBegin(atMost duration: Duration, _ time: TimeSource) async {
        await hasBegun.wait(atMost: duration, time)
    }

    /// Takes over what processes left that were killed.
    private func recover() async {
        let limit = deliveries.values.map(\.sizeLimit.current).min() ?? .max
        for found in await spool.recover(maximumRequest: limit) {
            switch found {
            case .kept(let items, let process, let dropped):
                ledger.update { $0.droppedFromSpool += dropped.total }
                let text = "\(items.spans) spans and \(items.logRecords) log records"
                reporter.report(.spooled, "process \(process) was killed; its \(text) leave now")
            case .corrupt(let name):
                ledger.update { $0.corruptFiles += 1 }
                reporter.report(.spool, "file \(name) of a process that was killed cannot be read and was set aside")
            case .direct(let requests, let remains, let process):
                reporter.report(.spool, "the disk is full; what process \(process) left leaves straight from its file")
                await send(requests, remains)
            case .failed(let problem):
                reporter.report(.spool, "what a killed process left cannot be taken over yet: \(problem)")
            }
        }
    }

    /// Sends what a dead process left without a way through the spool; the file stays unless all of it is settled.
    private func send(_ requests: [SpoolRecord], _ remains: Spool.Remains) async {
        for request in requests {
            guard let delivery = deliveries[request.signal] else { return }
            let (result, rest) = await delivery.deliver(request)
            guard result.isSettled else { return }
            count(request, result, kept: 0, isOwn: false)
            guard rest.isEmpty else { return }
        }
        await spool.delete(remains)
    }

    /// Sends what is there, oldest first, until something is not taken.
    func resend() async {
        guard mayHaveSome.load(ordering: .relaxed) else { return }
        guard isSending.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return }
        mayHaveSome.store(false, ordering: .relaxed)
        if await !sendAll() { mayHaveSome.store(true, ordering: .relaxed) }
        isSending.store(false, ordering: .releasing)
    }

    /// - Returns: whether there is nothing left to send.
    private func sendAll() async -> Bool {
        var unreadable: Set<String> = []
        // At shutdown the newest items get at least half of the bound.
        while shutdown.remaining(atMost: shutdownTimeout) * 2 >= shutdownTimeout {
            switch await spool.next(of: Set(deliveries.keys)) {
            case .nothing: return true
            case .corrupt(let name):
                // A directory that cannot be changed gives the same file again.
                guard unreadable.insert(name).inserted else { return true }
                ledger.update { $0.corruptFiles += 1 }
                reporter.report(.spool, "spool file \(name) cannot be read and was set aside")
            case .expired(let record):
                ledger.update { $0.droppedFromSpool += record.items }
                let noun = record.signal.noun
                reporter.report(.dropped, "\(record.items) \(noun) in the spool have become too old and are dropped")
            case .record(let record, let claim):
                guard await send(record, claim) else { return false }
            }
        }
        return false
    }

    /// - Returns: false if the collector is not there, and the rest may stay.
    private func send(_ record: SpoolRecord, _ claim: Spool.Claim) async -> Bool {
        defer { withExtendedLifetime(claim) {} }
        guard let delivery = deliveries[record.signal] else { return false }
        let (result, rest) = await delivery.deliver(record)
        guard result.isSettled else { return false }
        let isOwn = own.withLock { $0.contains(Self.hash(record)) }
        for (place, part) in rest.enumerated() {
            guard let problem = await keep(part, isOwn: isOwn) else { continue }
            // The whole stays instead: some of it will arrive twice, nothing is lost.
            own.withLock { own in for twice in rest.prefix(place) { own.remove(Self.hash(twice)) } }
            reporter.report(.spool, "the rest of a request could not be kept, so all of it stays: \(problem)")
            return false
        }
        own.withLock { _ = $0.remove(Self.hash(record)) }
        await spool.delete(claim)
        count(record, result, kept: rest.reduce(0) { $0 + $1.items }, isOwn: isOwn)
        if result.delivered > 0 {
            reporter.report(.resent, "\(result.delivered) \(record.signal.noun) from the spool were delivered")
        }
        return rest.isEmpty
    }

    private func count(_ record: SpoolRecord, _ result: BatchDelivery.Result, kept: Int, isOwn: Bool) {
        let refused = result.rejected + result.overLimit
        ledger.update { counts in
            if isOwn {
                counts[record.signal].spooled -= record.items - kept
                counts[record.signal].delivered += result.delivered
                counts[record.signal].rejected += refused
                counts[record.signal].droppedUndelivered += record.items - kept - result.delivered - refused
            } else {
                counts.resentRequests += 1
                counts[record.signal].resent += result.delivered
                counts[record.signal].resentRejected += refused
            }
        }
    }

    private static func hash(_ record: SpoolRecord) -> Int {
        var hasher = Hasher()
        hasher.combine(record.signal)
        unsafe record.request.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
