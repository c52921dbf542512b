import GRPCTransport
import OTLPWire

/// All destinations of one signal: the first counts in the ledger, the others get the same and speak for themselves.
///
/// First is the collector, if there is one; only what it does not take is spooled.
struct SignalExporters: Sendable {
    let first: BatchDelivery
    let others: [BatchDelivery]

    var all: [BatchDelivery] { [first] + others }

    func deliver(_ items: EncodedItems) async -> BatchDelivery.Result {
        // Files and the standard output take a moment; a pipe that nobody reads may take no more than that.
        for other in others {
            let result = await other.deliver(items)
            if let failure = result.failure {
                let lost = items.pointCount - result.delivered
                other.reporter.report(
                    .undelivered,
                    "\(lost) \(other.exporter.signal.noun) were not written: \(failure)"
                )
            }
        }
        return await first.deliver(items)
    }
}
