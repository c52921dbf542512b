import GRPCTransport
import OTLPWire

/// Everything that ``OTel`` is made of, put together from one configuration.
struct OTelParts: Sendable {
    let scope: InstrumentationScope
    let metricsFactory: OTelMetricsFactory

    /// Nil where the signal is switched off.
    let spans: SpanPipeline?
    let metrics: MetricPipeline?

    private let configuration: OTelConfiguration
    private let time: TimeSource
    private let random: RandomSource
    private let queue: RecordQueue
    private let ledger: Ledger
    private let registry: MetricRegistry
    private let reporter: DiagnosticReporter
    private let shutdownState: ShutdownState
    private let spool: Spool?
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
        let hasTraces = !configuration.disabled && configuration.traces.exporters.contains(.otlp)
        let hasMetrics = !configuration.disabled && configuration.metrics.exporters.contains(.otlp)
        let resource =
            hasTraces || hasMetrics ? ResourceDetection.resource(for: configuration, random: random) : Resource()
        let ledger = Ledger()
        let shutdownState = ShutdownState(time)
        let scope = InstrumentationScope(
            name: configuration.scopeName ?? configuration.serviceName ?? SDKVersion.name,
            version: configuration.scopeVersion ?? configuration.serviceVersion ?? ""
        )
        let spool = hasTraces ? Self.makeSpool(configuration, time, random) : nil
        let queue = RecordQueue(configuration.batch, store: RecordStore(), isClosed: !hasTraces) {
            let capacity = configuration.batch.maxQueueSize
            reporter.report(.dropped, "the queue of \(capacity) ended spans is full; spans are dropped")
        }
        let registry = MetricRegistry(configuration, reporter: reporter, wallClock: time.wallClock)
        var connections = Connections(send, reporter)
        func exporter(_ signal: TelemetrySignal, _ settings: SignalSettings, hasSpool: Bool) -> OTLPExporter {
            OTLPExporter(
                signal: signal,
                send: connections.send(to: Endpoint(configuration, settings)),
                policy: retryPolicy,
                time: time,
                random: random,
                shutdown: shutdownState,
                hasSpool: hasSpool
            )
        }
        spans =
            !hasTraces
            ? nil
            : SpanPipeline(
                configuration: configuration,
                resource: resource,
                queue: queue,
                exporter: exporter(.traces, configuration.traces, hasSpool: spool != nil),
                spool: spool,
                ledger: ledger,
                reporter: reporter
            )
        metrics =
            !hasMetrics
            ? nil
            : MetricPipeline(
                configuration: configuration,
                resource: resource,
                scope: scope,
                registry: registry,
                // The next collection has everything again, so one try is enough at exit.
                exporter: exporter(.metrics, configuration.metrics, hasSpool: true),
                ledger: ledger,
                reporter: reporter
            )
        metricsFactory = OTelMetricsFactory(registry: registry, scope: scope)
        (self.registry, self.reporter) = (registry, reporter)
        clients = connections.clients
        (self.ledger, self.shutdownState, self.scope, self.spool, self.queue) = (
            ledger, shutdownState, scope, spool, queue
        )
    }

    func tracer(_ scope: InstrumentationScope) -> OTelTracer {
        OTelTracer(
            SpanRecorder(
                scope: scope,
                limits: configuration.spanLimits,
                queue: queue,
                sampler: configuration.sampler,
                random: random,
                propagation: ContextPropagation(formats: configuration.propagators)
            )
        )
    }

    func meter(_ scope: InstrumentationScope) -> OTelMeter {
        OTelMeter(registry: registry, scope: scope, reporter: reporter)
    }

    /// The background work, until shutdown begins.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            if let spans { group.addTask { await spans.run() } }
            if let metrics { group.addTask { await metrics.run() } }
        }
    }

    func shutdown(after background: Task<Void, Never>?) async -> ShutdownReport {
        queue.close()
        shutdownState.begin(timeout: configuration.shutdownTimeout)
        // The last try is made, however short ago a connection failed.
        for client in clients { client.resetConnectBackoff() }
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
        let waiting = await spool?.count() ?? 0
        return ShutdownReport(spans: queue.counts, ledger: ledger.current, waitingRequests: waiting)
    }

    private func finish() async {
        async let lastSpans: Void? = spans?.finish()
        async let lastMetrics: Void? = metrics?.collect()
        _ = await (lastSpans, lastMetrics)
    }

    private func closeClients() async {
        for client in clients { await client.close() }
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
                random: random
            )
        }
    }
}

/// The clients of all signals: those with the same endpoint share one.
private struct Connections {
    private(set) var clients: [GRPCClient] = []
    private var endpoints: [Endpoint] = []
    private let replacement: OTLPExporter.Send?
    private let reporter: DiagnosticReporter

    init(_ replacement: OTLPExporter.Send?, _ reporter: DiagnosticReporter) {
        self.replacement = replacement
        self.reporter = reporter
    }

    mutating func send(to endpoint: Endpoint) -> OTLPExporter.Send {
        if let replacement { return replacement }
        if let index = endpoints.firstIndex(of: endpoint) { return Self.send(through: clients[index]) }
        for problem in endpoint.problems { reporter.report(.configuration, problem) }
        guard let client = endpoint.makeClient() else {
            let problem = endpoint.problems.joined(separator: "; ")
            return { _, _, _ in GRPCResponse(status: GRPCStatus(.unavailable, problem)) }
        }
        endpoints.append(endpoint)
        clients.append(client)
        return Self.send(through: client)
    }

    private static func send(through client: GRPCClient) -> OTLPExporter.Send {
        { path, message, timeout in await client.unary(path: path, message: message, timeout: timeout) }
    }
}
