import GRPCTransport
import OTLPWire

/// Brings one batch to one destination: in requests that fit, and around items that the collector cannot take.
///
/// A request that is refused as too large is cut smaller, one that is refused as unreadable is halved, down to the single
/// item, which alone is dropped (see ``Refusal`` for why that is allowed). The refusals that one batch may bring on itself
/// are bounded: enough to find two bad items among all, and about half as many when nothing of it is ever taken.
struct BatchDelivery: Sendable {
    /// What became of the items; in units that partial success counts, which for metrics are data points.
    struct Result: Sendable {
        var delivered = 0
        var rejected = 0

        /// Alone over our own limit, and so never sent.
        var overLimit = 0

        /// Neither taken nor refused; each range makes a request that was not refused before.
        var undelivered: [Range<Int>] = []

        /// Why something was refused or not taken, the last reason.
        var refusal: GRPCStatus?
        var failure: GRPCStatus?

        /// The collector answered OK at least once.
        var isTaken = false

        /// Nothing was refused, dropped or not taken.
        var isWhole: Bool { refusal == nil && failure == nil && rejected == 0 }

        /// Something became of some of the items.
        var isSettled: Bool { delivered + rejected + overLimit > 0 }

        /// The status of the last request.
        var status: GRPCStatus { failure ?? refusal ?? .ok }
    }

    let exporter: OTLPExporter

    /// The time for one batch, with all that it takes.
    let budget: Duration
    let sizeLimit: RequestSizeLimit
    let statistics: ExporterStatistics
    let reporter: DiagnosticReporter

    func deliver(_ items: EncodedItems) async -> Result {
        await deliver(items, until: exporter.time.now() + budget, retries: true, after: nil)
    }

    /// `refusal` is what was said to a request of all of them before.
    func deliver(
        _ items: EncodedItems,
        until deadline: Duration,
        retries: Bool,
        after refusal: (GRPCStatus, Refusal)?
    ) async -> Result {
        let start = exporter.time.now()
        let all = 0..<items.count
        let total = items.items(in: all)
        statistics.begin(total)
        let limit = sizeLimit.current
        var pending = PendingRanges(refusal == nil ? items.split(maximumBytes: limit) : [], of: all.count, limit)
        var result = Result()
        if let (status, refusal) = refusal {
            let size = items.requestSize(all)
            note(.refused(status, refusal), of: all, weighing: total, bytes: size, &pending, &result)
        }
        while let range = pending.next(in: items) {
            let outcome = await exporter.export(items.request(range), until: deadline, retries: retries)
            let (weight, size) = (items.items(in: range), items.requestSize(range))
            note(outcome, of: range, weighing: weight, bytes: size, &pending, &result)
            if case .undelivered = outcome { break }
        }
        result.rejected += pending.givenUp.reduce(0) { $0 + items.items(in: $1) }
        sizeLimit.learn(pending.provenLimit)
        tell(result, of: total)
        statistics.end(result, of: total, after: exporter.time.now() - start)
        return result
    }

    func note(
        _ outcome: OTLPExporter.Outcome,
        of range: Range<Int>,
        weighing count: Int,
        bytes: Int,
        _ pending: inout PendingRanges,
        _ result: inout Result
    ) {
        switch outcome {
        case .delivered(let partial):
            let rejected = Int(min(max(partial?.rejected ?? 0, 0), Int64(count)))
            result.isTaken = true
            result.delivered += count - rejected
            result.rejected += rejected
            if let partial { tell(partial, rejected, of: count) }
            pending.wasTaken()
        case .refused(let status, let refusal):
            result.refusal = status
            switch refusal {
            case .overLimit: result.overLimit += count
            case .tooLarge where range.count > 1: pending.wasTooLarge(range, bytes: bytes)
            case .unreadable where range.count > 1: pending.wasUnreadable(range)
            case .tooLarge, .unreadable, .final:
                pending.wasRefused()
                result.rejected += count
            }
        case .undelivered(let status):
            result.failure = status
            result.undelivered = pending.takeRest(with: range)
        }
    }

    private var noun: String { exporter.signal.noun }

    private func tell(_ partial: PartialSuccess, _ rejected: Int, of count: Int) {
        if rejected > 0 {
            reporter.report(.rejected, "the collector refused \(rejected) of \(count) \(noun): \(partial.message)")
        } else {
            reporter.report(.collectorMessage, "the collector says: \(partial.message)")
        }
    }

    func tell(_ result: Result, of total: Int) {
        guard let refusal = result.refusal else { return }
        if result.overLimit > 0 {
            reporter.report(.dropped, "\(result.overLimit) \(noun) are dropped: \(refusal)")
        }
        if result.rejected > 0 {
            reporter.report(
                .rejected,
                "the collector refused \(result.rejected) of \(total) \(noun) for good, they are dropped: \(refusal)"
            )
        }
    }
}
