import GRPCTransport
import OTLPWire

extension BatchDelivery {
    /// Sends a request from the spool with one try: whole, and if that is refused for its bytes, in parts.
    ///
    /// - Returns: what became of it, and what is to be kept again: all of it if nothing was settled.
    func deliver(_ record: SpoolRecord) async -> (result: Result, rest: [SpoolRecord]) {
        let deadline = exporter.time.now() + budget
        let start = exporter.time.now()
        let outcome = await exporter.export(record.request, until: deadline, retries: false)
        if case .refused(let status, let refusal) = outcome, refusal != .final, record.items > 1,
            let items = try? EncodedItems(decoding: record)
        {
            let reason = refusal == .overLimit ? nil : (status, refusal)
            let result = await deliver(items, until: deadline, retries: false, after: reason)
            let rest = result.undelivered.map {
                SpoolRecord(signal: record.signal, items: items.items(in: $0), request: items.request($0))
            }
            return (result, rest)
        }
        var result = Result()
        var pending = PendingRanges([], of: 1, .max)
        note(outcome, of: 0..<1, weighing: record.items, bytes: record.request.count, &pending, &result)
        statistics.begin(record.items)
        tell(result, of: record.items)
        statistics.end(result, of: record.items, after: exporter.time.now() - start)
        return (result, result.failure == nil ? [] : [record])
    }
}

extension EncodedItems {
    /// The items of a request that was encoded before; throws for bytes that are no request of one resource.
    fileprivate init(decoding record: SpoolRecord) throws(OTLPWireError) {
        switch record.signal {
        case .traces:
            let requests = try ExportTraceRequest.decode(Array(record.request))
            self.init(resource: requests.first?.resource ?? Resource(), spans: requests.flatMap(\.scopes))
        case .logs:
            let requests = try ExportLogsRequest.decode(Array(record.request))
            self.init(resource: requests.first?.resource ?? Resource(), logs: requests.flatMap(\.scopes))
        case .metrics:
            let requests = try ExportMetricsRequest.decode(Array(record.request))
            self.init(resource: requests.first?.resource ?? Resource(), metrics: requests.flatMap(\.scopes))
        }
    }
}
