import OTLPWire

/// Sends what a collection gave; metrics come again with the next one, so nothing is ever spooled.
struct MetricDelivery: Sendable {
    let resource: Resource
    let exporters: SignalExporters
    let ledger: Ledger
    let reporter: DiagnosticReporter

    func deliver(_ scopes: [ScopedMetrics]) async -> BatchDelivery.Result {
        let items = EncodedItems(resource: resource, metrics: scopes)
        let points = items.pointCount
        ledger.update { $0.collectedPoints += points }
        let result = await exporters.deliver(items)
        let lost = points - result.delivered - result.rejected - result.overLimit
        ledger.update { counts in
            counts.metricPoints.delivered += result.delivered
            counts.metricPoints.rejected += result.rejected
            counts.metricPoints.droppedOverLimit += result.overLimit
            counts.metricPoints.droppedUndelivered += lost
            if let failure = result.failure {
                counts.failMetrics("metrics were not delivered: \(failure)")
            } else if let refusal = result.refusal {
                counts.failMetrics("metrics were refused: \(refusal)")
            } else {
                counts.metricRequestsDelivered += 1
            }
        }
        if let failure = result.failure {
            reporter.report(.undelivered, "metrics were not delivered, the next collection has them: \(failure)")
        }
        return result
    }
}

extension Ledger.Counts {
    fileprivate mutating func failMetrics(_ reason: String) {
        metricRequestsFailed += 1
        undelivered = undelivered ?? reason
    }
}
