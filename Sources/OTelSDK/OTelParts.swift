import GRPCTransport
import OTLPWire

/// Everything that ``OTel`` is made of, put together from one configuration.
struct OTelParts: Sendable {
    let scope: InstrumentationScope

    /// Nil where the signal is switched off.
    let spans: BatchPipeline?
    let logs: BatchPipeline?
    let metrics: MetricPipeline?

    private let configuration: OTelConfiguration
    private let time: TimeSource
    private let random: RandomSource
    private let spanQueue: RecordQueue
    private let logQueue: RecordQueue
    private let selfMetrics: SelfMetrics?
    private let registry: MetricRegistry
    private let ledger: Ledger
    private let reporter: DiagnosticReporter
    private let shutdownState: ShutdownState
    private let spool: Spool?
    private let spoolSender: SpoolSender?
    private let live: LiveFile?
    private let clients: [GRPCClient]

    init(
        _ configuration: OTelConfiguration,
        time: TimeSource,
        random: RandomSource,
        retryPolicy: RetryPolicy,
        send: OTLPExporter.Send?
    ) {
        self.configuration = configuration
        self.time = time
        self.random = random
        let reporter = DiagnosticReporter(time, hook: configuration.diagnosticHook)
        for warning in configuration.warnings { reporter.report(.configuration, warning) }
        let ledger = Ledger()
        let shutdown = ShutdownState(time)
        scope = InstrumentationScope(
            name: configuration.scopeName ?? configuration.serviceName ?? SDKVersion.name,
            version: configuration.scopeVersion ?? configuration.serviceVersion ?? ""
        )

        var destinations = Destinations(
            configuration,
            time: time,
            random: random,
            policy: retryPolicy,
            shutdown: shutdown,
            reporter: reporter,
            replacement: send
        )
        let keeps = configuration.spoolDirectory != nil
        let (batch, logBatch) = (configuration.batch, configuration.logBatch)
        let (spanPressure, logPressure) = (QueuePressure(), QueuePressure())
        let toSpans = destinations.exporters(
            of: .traces,
            configuration.traces,
            limit: batch.exportTimeout,
            hasSpool: keeps,
            pressure: spanPressure
        )
        let toLogs = destinations.exporters(
            of: .logs,
            configuration.logs,
            limit: logBatch.exportTimeout,
            hasSpool: keeps,
            pressure: logPressure
        )
        // The next collection has everything again, so one try is enough at exit.
        let metricLimit = configuration.metricExportTimeout
        let toMetrics = destinations.exporters(of: .metrics, configuration.metrics, limit: metricLimit, hasSpool: true)
        clients = destinations.clients

        let isOn = toSpans != nil || toLogs != nil || toMetrics != nil
        let resource = isOn ? ResourceDetection.resource(for: configuration, random: random) : Resource()
        let keepers = [toSpans, toLogs].compactMap { $0?.first }.filter { $0.exporter.hasSpool }
        let spool = keepers.isEmpty ? nil : Self.makeSpool(configuration, time, random)
        let sender = spool.map {
            SpoolSender(
                spool: $0,
                deliveries: keepers,
                shutdown: shutdown,
                shutdownTimeout: configuration.shutdownTimeout,
                ledger: ledger,
                reporter: reporter
            )
        }
        live =
            spool == nil
            ? nil
            : LiveFile(configuration, resource: resource, time: time, random: random, reporter: reporter)
        let store = RecordStore(memory: live)
        let spanQueue = Self.makeQueue(.traces, batch, store, spanPressure, isOn: toSpans != nil, reporter)
        let logQueue = Self.makeQueue(.logs, logBatch, store, logPressure, isOn: toLogs != nil, reporter)
        func pipeline(_ queue: RecordQueue, _ settings: BatchSettings, _ exporters: SignalExporters?) -> BatchPipeline?
        {
            guard let exporters else { return nil }
            return BatchPipeline(
                settings: settings,
                resource: resource,
                queue: queue,
                exporters: exporters,
                spool: sender,
                ledger: ledger,
                reporter: reporter
            )
        }
        spans = pipeline(spanQueue, batch, toSpans)
        logs = pipeline(logQueue, logBatch, toLogs)
        let tells = toMetrics != nil && configuration.selfObservability
        let selfMetrics =
            !tells
            ? nil
            : SelfMetrics(
                spans: toSpans.map { SelfMetrics.Source("batching_span_processor", spanQueue, batch, $0) },
                logs: toLogs.map { SelfMetrics.Source("batching_log_processor", logQueue, logBatch, $0) },
                metricExporters: toMetrics?.all.map(\.statistics) ?? [],
                temporality: configuration.temporality,
                startTime: time.wallClock()
            )
        let registry = MetricRegistry(configuration, reporter: reporter, wallClock: time.wallClock)
        metrics = toMetrics.map { [scope] exporters in
            MetricPipeline(
                configuration: configuration,
                scope: scope,
                registry: registry,
                selfMetrics: selfMetrics,
                delivery: MetricDelivery(resource: resource, exporters: exporters, ledger: ledger, reporter: reporter),
                reporter: reporter
            )
        }
        (self.spool, spoolSender, self.spanQueue, self.logQueue) = (spool, sender, spanQueue, logQueue)
        (self.selfMetrics, self.registry, self.ledger) = (selfMetrics, registry, ledger)
        (self.reporter, shutdownState) = (reporter, shutdown)
    }

    func tracer(_ scope: InstrumentationScope) -> OTelTracer {
        OTelTracer(
            SpanRecorder(
                scope: scope,
                limits: configuration.spanLimits,
                queue: spanQueue,
                sampler: configuration.sampler,
                random: random,
                propagation: ContextPropagation(formats: configuration.propagators),
                selfMetrics: selfMetrics
            )
        )
    }

    func logRecorder(_ scope: InstrumentationScope) -> LogRecorder {
        LogRecorder(scope: scope, limits: configuration.logRecordLimits, queue: logQueue, wallClock: time.wallClock)
    }

    /// Made when it is asked for, as a short process that has meters does without; all know the same instruments.
    var metricsFactory: OTelMetricsFactory { OTelMetricsFactory(registry: registry, scope: scope) }

    func meter(_ scope: InstrumentationScope) -> OTelMeter {
        OTelMeter(registry: registry, scope: scope, reporter: reporter)
    }

    /// The background work, until shutdown begins.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            if let metrics { group.addTask { await metrics.run() } }
            // What earlier processes left goes before anything new.
            await spoolSender?.begin()
            if let logs { group.addTask { await logs.run() } }
            await spans?.run()
        }
    }

    /// Sends all that is there, metrics too.
    ///
    /// - Returns: whether all of it was delivered in time.
    func flush(atMost duration: Duration) async -> Bool {
        retryConnections()
        async let spans = spans?.flush(atMost: duration)
        async let logs = logs?.flush(atMost: duration)
        async let metrics = metrics?.collect()
        let outcomes = await (spans, logs, metrics)
        return (outcomes.0 ?? true) && (outcomes.1 ?? true) && (outcomes.2 ?? true)
    }

    func drainSpool(atMost duration: Duration) async {
        await spoolSender?.waitForBegin(atMost: duration, time)
    }

    func shutdown(after background: Task<Void, Never>?) async -> ShutdownReport {
        shutdownState.begin(timeout: configuration.shutdownTimeout)
        spanQueue.close()
        logQueue.close()
        retryConnections()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Calls that began before shutdown have longer limits of their own; this ends them.
                guard (try? await time.sleep(configuration.shutdownTimeout)) != nil else { return }
                await closeClients()
            }
            await background?.value
            await finish()
            group.cancelAll()
        }
        await closeClients()
        // What is still in it, such as spans that nobody ended, is the next start's.
        if spanQueue.store.isEmpty { live?.delete() }
        let waiting = await spool?.count() ?? 0
        return ShutdownReport(currentLedger, ledger.current, waitingRequests: waiting)
    }

    /// Where somebody waits for the outcome, a try is made however short ago a connection failed.
    private func retryConnections() {
        for client in clients { client.resetConnectBackoff() }
    }

    private func finish() async {
        async let lastSpans: Void? = spans?.finish()
        async let lastLogs: Void? = logs?.finish()
        async let lastMetrics = metrics?.collect()
        _ = await (lastSpans, lastLogs, lastMetrics)
    }

    private func closeClients() async {
        for client in clients { await client.close() }
    }

    /// Outcomes are read before what came in, so that nothing is settled that has not come.
    var currentLedger: TelemetryLedger {
        let counts = ledger.current
        var result = TelemetryLedger()
        result.spans = TelemetryLedger.Counts(spanQueue.counts, counts.spans)
        result.logRecords = TelemetryLedger.Counts(logQueue.counts, counts.logRecords)
        result.metricPoints = TelemetryLedger.Counts(created: counts.collectedPoints, counts.metricPoints)
        return result
    }

    private static func makeQueue(
        _ signal: TelemetrySignal,
        _ settings: BatchSettings,
        _ store: RecordStore,
        _ pressure: QueuePressure,
        isOn: Bool,
        _ reporter: DiagnosticReporter
    ) -> RecordQueue {
        RecordQueue(settings, store: store, pressure: pressure, isClosed: !isOn) {
            let noun = signal.noun
            reporter.report(.dropped, "the queue of \(settings.maxQueueSize) \(noun) is full; \(noun) are dropped")
        }
    }

    private static func makeSpool(
        _ configuration: OTelConfiguration,
        _ time: TimeSource,
        _ random: RandomSource
    ) -> Spool? {
        configuration.spoolDirectory.map {
            Spool(
                path: $0,
                maximumBytes: configuration.maxSpoolBytes,
                maximumAge: configuration.maxSpoolAge,
                time: time,
                random: random,
                onRecoveredTrace: configuration.onRecoveredTrace
            )
        }
    }
}
