import OTLPWire
import Synchronization

/// Collects the process's own metrics and what producers have, and sends both; the next collection has what did not arrive.
final class MetricPipeline: Sendable {
    private let configuration: OTelConfiguration
    private let scope: InstrumentationScope
    private let registry: MetricRegistry
    private let selfMetrics: SelfMetrics?
    private let delivery: MetricDelivery
    private let reporter: DiagnosticReporter
    private let producers = Mutex<[any MetricProducer]>([])
    private let work = BlockingWork(label: "orchestrator-otel.metrics")

    init(
        configuration: OTelConfiguration,
        scope: InstrumentationScope,
        registry: MetricRegistry,
        selfMetrics: SelfMetrics?,
        delivery: MetricDelivery,
        reporter: DiagnosticReporter
    ) {
        self.configuration = configuration
        self.scope = scope
        self.registry = registry
        self.selfMetrics = selfMetrics
        self.delivery = delivery
        self.reporter = reporter
    }

    private var time: TimeSource { delivery.exporters.first.exporter.time }
    private var shutdown: ShutdownState { delivery.exporters.first.exporter.shutdown }

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
    ///
    /// - Returns: whether all of it was delivered.
    @discardableResult
    func collect() async -> Bool {
        let start = time.now()
        let lock = await lockForProducers()
        let produced: (metrics: [MetricRecord], isWhole: Bool) = lock.mayProduce ? await produce() : ([], false)
        if registry.hasCallbacks { await observe() }
        let now = time.wallClock()
        let collection = registry.collect(at: now, produced: produced.metrics, in: scope)
        selfMetrics?.collected(in: time.now() - start, isWhole: produced.isWhole)
        let own = selfMetrics?.scopes(at: now) ?? []
        let isDelivered = collection.isEmpty && own.isEmpty ? true : await export(collection, own)
        withExtendedLifetime(lock.held) {}
        return isDelivered
    }

    private func export(_ collection: MetricCollection, _ own: [ScopedMetrics]) async -> Bool {
        let result = await delivery.deliver(collection.scopes + own)
        // Ours come last, and are of interest only while they are fresh.
        let count = collection.scopes.reduce(0) { $0 + $1.metrics.count }
        for range in result.undelivered { collection.putBack(range.clamped(to: 0..<count)) }
        return result.isWhole
    }

    private func observe() async {
        let wait = shutdown.remaining(atMost: configuration.metricExportTimeout)
        let isDone: Void? = await work.run(atMost: wait, time) { [registry] in registry.observe() }
        guard isDone == nil else { return }
        reporter.report(.metrics, "the callbacks of observable instruments took longer than \(wait)")
    }

    private func lockForProducers() async -> (held: CollectionLock?, mayProduce: Bool) {
        guard producers.withLock({ !$0.isEmpty }) else { return (nil, true) }
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

    private func produce() async -> (metrics: [MetricRecord], isWhole: Bool) {
        let producers = producers.withLock { $0 }
        if producers.isEmpty { return ([], true) }
        let wait = shutdown.remaining(atMost: configuration.metricExportTimeout)
        let results = await work.run(atMost: wait, time) {
            producers.map { producer in Result { try producer.produce() } }
        }
        guard let results else {
            reporter.report(.metrics, "totals were left out of a collection: their producer took longer than \(wait)")
            return ([], false)
        }
        let now = time.wallClock()
        var (metrics, isWhole): ([MetricRecord], Bool) = ([], true)
        for result in results {
            switch result {
            case .success(let produced): metrics += produced.compactMap { $0.record(at: now) }
            case .failure(let error):
                isWhole = false
                reporter.report(.metrics, "totals were left out of a collection: \(error)")
            }
        }
        return (metrics, isWhole)
    }
}
