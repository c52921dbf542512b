import GRPCTransport
import Synchronization

/// What one exporter did, for the self-metrics (semantic conventions, otel/sdk-metrics.md); costs nothing when it is off.
final class ExporterStatistics: Sendable {
    /// Items whose export ended, by `error.type`; nil is success.
    typealias Exported = [String?: Int]

    /// How operations ended.
    struct Ending: Hashable, Sendable {
        var errorType: String?
        /// The last request's, for exporters that speak gRPC.
        var status: String?
    }

    /// How long operations took, in seconds.
    struct Durations: Sendable {
        var count: UInt64 = 0
        var sum = 0.0
        var min = Double.infinity
        var max = 0.0
    }

    struct Values: Sendable {
        var inflight = 0
        var exported = Exported()
        var operations: [Ending: Durations] = [:]
    }

    /// No optional mutex: to look whether there is one would read the lock's word beside those who change it.
    private let values = Mutex(Values())
    private let isOn: Bool

    /// `otel.component.type`, such as `otlp_grpc_span_exporter`, and the attributes that tell where it sends to.
    let component: String
    let server: (address: String, port: Int)?

    init(component: String, server: (address: String, port: Int)?, isOn: Bool) {
        self.component = component
        self.server = server
        self.isOn = isOn
    }

    var current: Values { values.withLock { $0 } }

    /// Items are on their way, all retries and waits included.
    func begin(_ count: Int) {
        guard isOn else { return }
        values.withLock { $0.inflight += count }
    }

    /// One operation is over; each item counts once, however often it was sent.
    func end(_ result: BatchDelivery.Result, of count: Int, after duration: Duration) {
        guard isOn else { return }
        values.withLock { values in
            values.inflight -= count
            let settled = result.delivered + result.rejected + result.overLimit
            values.add(result.delivered, nil)
            // Partial success has no status of its own.
            values.add(result.rejected, result.refusal?.code.name ?? "rejected")
            values.add(result.overLimit, GRPCStatusCode.resourceExhausted.name)
            values.add(count - settled, result.failure?.code.name ?? "_OTHER")
            let isWhole = result.delivered == count
            let errorType = isWhole ? nil : result.status.isOK ? "rejected" : result.status.code.name
            let ending = Ending(errorType: errorType, status: server == nil ? nil : result.status.code.name)
            values.operations[ending, default: Durations()].add(duration)
        }
    }
}

extension ExporterStatistics.Values {
    fileprivate mutating func add(_ count: Int, _ errorType: String?) {
        if count > 0 { exported[errorType, default: 0] += count }
    }
}

extension ExporterStatistics.Durations {
    mutating func add(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        count += 1
        sum += seconds
        min = Swift.min(min, seconds)
        max = Swift.max(max, seconds)
    }
}
