import OTLPWire
import Synchronization

/// Collects the process's own metrics and what producers have, and sends both; the next collection has what did not arrive.
final class MetricPipeline: Sendable {
    private let configuration: OTelConfiguration
    private let resource: Resource
    private let scope: InstrumentationScope
    private let registry: MetricRegistry
    private let exporter: OTLPExporter
    private let ledger: Ledger
    private let reporter: DiagnosticReporter
    private let producers = Mutex<[any MetricProducer]>([])
    private let work = BlockingWork(label: "orchestrator-otel.metrics")

    init(
        configuration: OTelConfiguration,
        resource: Resource,
        scope: InstrumentationScope,
        registry: MetricRegistry,
        exporter: OTLPExporter,
        ledger: Ledger,
        reporter: DiagnosticReporter
    ) {
        self.configuration = configuration
        self.resource = resource
        self.scope = scope
        self.registry = registry
        self.exporter = exporter
        self.ledger = ledger
        self.reporter = reporter
    }

    private var time: TimeSource { exporter.time }
    private var shutdown: ShutdownState { exporter.shutdown }

    func register(_ producer: any MetricProducer) {
        producers.withLock { $0.append(producer) }
    }

    /// Collects now and at every interval, until shutdown begins; the last collection is ``collect()``'s caller's.
    func run() async {
        while !shutdown.hasBegun {
            await collect()
            guard !shutdown.hasBegun else { return }
            await shutdown.begun.wait(atMost: configuration.metricExportInterval, time)
        }
    }

    /// One collection, from the reading to the collector's answer; sends nothing where there is nothing.
    func collect() async {
        let lock = await lockForProducers()
        let produced = lock.mayProduce ? await produce() : []
        if registry.hasCallbacks { await observe() }
        let collection = registry.collect(at: time.wallClock(), produced: produced, in: scope)
        if !collection.isEmpty { await export(collection) }
        withExtendedLifetime(lock.held) {}
    }

    private func observe() async {
        let wait = shutdown.remaining(atMost: configuration.metricExportTimeout)
        let isDone: Void? = await work.run(atMost: wait, time) { [registry] in registry.observe() }
        guard isDone == nil else { return }
        reporter.report(.metrics, "the callbacks of observable instruments took longer than \(wait)")
    }

    private func lockForProducers() async -> (held: CollectionLock?, mayProduce: Bool) {
        guard producers.withLock({ !$0.isEmpty }) else { return (nil, false) }
        guard let path = configuration.collectionLockFile else { return (nil, true) }
        let wait = shutdown.remaining(atMost: configuration.collectionLockTimeout)
        switch await CollectionLock.acquire(path, atMost: wait, time) {
        case .acquired(let lock): return (lock, true)
        case .busy:
            reporter.report(.metrics, "totals were left out of a collection: another process held \(path) for \(wait)")
        case .failed(let reason):
            reporter.report(.metrics, "totals were left out of a collection: cannot lock \(reason)")
        }
        return (nil, false)
    }

    private func produce() async -> [MetricRecord] {
        let producers = producers.withLock { $0 }
        let wait = shutdown.remaining(atMost: configuration.metricExportTimeout)
        let results = await work.run(atMost: wait, time) {
            producers.map { producer in Result { try producer.produce() } }
        }
        guard let results else {
            reporter.report(.metrics, "totals were left out of a collection: their producer took longer than \(wait)")
            return []
        }
        let now = time.wallClock()
        return results.flatMap { result -> [MetricRecord] in
            switch result {
            case .success(let metrics): return metrics.compactMap { $0.record(at: now) }
            case .failure(let error):
                reporter.report(.metrics, "totals were left out of a collection: \(error)")
                return []
            }
        }
    }

    private func export(_ collection: MetricCollection) async {
        let request = ExportMetricsRequest(resource: resource, scopes: collection.scopes).encoded()
        let timeout = configuration.metrics.exportTimeout ?? configuration.exportTimeout
        switch await exporter.export(request[...], budget: min(timeout, configuration.metricExportTimeout)) {
        case .delivered(let partial):
            ledger.update { $0.metricRequestsDelivered += 1 }
            guard let partial else { return }
            let kind: OTelDiagnostic.Kind = partial.rejected > 0 ? .rejected : .collectorMessage
            reporter.report(kind, "the collector refused \(partial.rejected) metric points: \(partial.message)")
        case .rejected(let status):
            ledger.update { $0.failMetrics("metrics were refused: \(status)") }
            reporter.report(.rejected, "the collector refused a request of metrics: \(status)")
        case .undelivered(let status):
            collection.putBack()
            ledger.update { $0.failMetrics("metrics were not delivered: \(status)") }
            reporter.report(.undelivered, "metrics were not delivered, the next collection has them: \(status)")
        }
    }
}

extension Ledger.Counts {
    fileprivate mutating func failMetrics(_ reason: String) {
        metricRequestsFailed += 1
        undelivered = undelivered ?? reason
    }
}
