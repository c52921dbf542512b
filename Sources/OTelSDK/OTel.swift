import GRPCTransport
import OTLPWire
public import ServiceLifecycle
import Synchronization
import Tracing

/// The SDK: makes tracer and metrics factory, does the work in the background, and ends within a bound.
///
/// Spans and metrics may be made at once; ``start()`` begins to send, ``shutdown()`` sends or keeps the rest. Nothing here
/// throws, prints or waits in the caller; what goes wrong is told to ``OTelConfiguration/onDiagnostic`` and counted.
public final class OTel: Service {
    private struct State {
        var background: Task<Void, Never>?
        var shutdown: Task<ShutdownReport, Never>?
    }

    private let configuration: OTelConfiguration
    let parts: OTelParts
    private let state = Mutex(State())

    /// Makes the SDK; starts nothing on the network.
    public convenience init(configuration: OTelConfiguration) {
        let time = TimeSource(ContinuousClock(), wallClock: { DefaultTracerClock.now.nanosecondsSinceEpoch })
        self.init(configuration: configuration, time: time, random: .system())
    }

    /// The same with everything given that differs between tests and life; `send` replaces the network.
    init(
        configuration: OTelConfiguration,
        time: TimeSource,
        random: RandomSource,
        retryPolicy: RetryPolicy = RetryPolicy(),
        send: OTLPExporter.Send? = nil
    ) {
        self.configuration = configuration
        parts = OTelParts(configuration, time: time, random: random, retryPolicy: retryPolicy, send: send)
        tracer = parts.tracer(parts.scope)
    }

    /// The tracer of the scope that the configuration names.
    public let tracer: OTelTracer

    /// A tracer of another instrumentation scope: the name of the library that makes the spans, and its version.
    public func tracer(named name: String, version: String = "") -> OTelTracer {
        parts.tracer(InstrumentationScope(name: name, version: version))
    }

    /// The meter of the scope that the configuration names.
    public var meter: OTelMeter { parts.meter(parts.scope) }

    /// A meter of another instrumentation scope: the name of the library that measures, and its version.
    public func meter(named name: String, version: String = "") -> OTelMeter {
        parts.meter(InstrumentationScope(name: name, version: version))
    }

    /// The backend for swift-metrics.
    public var metrics: OTelMetricsFactory { parts.metricsFactory }

    /// Has a producer asked at each collection from now on.
    public func register(_ producer: any MetricProducer) {
        parts.metrics?.register(producer)
    }

    /// Begins the background work: sends the spool, collects metrics, and then batches and periodic collections.
    ///
    /// A second call, and one after shutdown, has no effect.
    public func start() {
        state.withLock { state in
            guard state.background == nil, state.shutdown == nil else { return }
            state.background = Task { [parts] in await parts.run() }
        }
    }

    /// Where everything that was recorded is now; may be read at any time.
    public var ledger: TelemetryLedger { parts.currentLedger }

    /// Sends what has ended and a collection of metrics, waiting for the collector at most as long as an export may take.
    ///
    /// Without ``start()`` before, it has no effect.
    ///
    /// - Returns: whether all of it was delivered in time; ``ledger`` tells what became of it.
    @discardableResult
    public func flush() async -> Bool {
        guard state.withLock({ $0.background != nil && $0.shutdown == nil }) else { return false }
        return await parts.flush(atMost: configuration.exportTimeout)
    }

    /// Waits until the spool of earlier processes was sent, or the collector did not take it, or the time has passed.
    ///
    /// ``TelemetrySpool`` tells what is left, ``ShutdownReport`` what was sent. Without ``start()`` before, it has no effect.
    public func drainSpool(atMost duration: Duration) async {
        guard state.withLock({ $0.background != nil && $0.shutdown == nil }) else { return }
        await parts.drainSpool(atMost: duration)
    }

    /// Sends what is there within ``OTelConfiguration/shutdownTimeout`` and keeps the rest in the spool.
    ///
    /// Never throws and never hangs, also if the calling task is cancelled. A second call gives the same report.
    @discardableResult
    public func shutdown() async -> ShutdownReport {
        let work = state.withLock { state in
            if let shutdown = state.shutdown { return shutdown }
            // A task of its own: cancelling the caller must not cut short the keeping of data. All callers wait for it.
            let background = state.background
            let shutdown = Task { [parts] in await parts.shutdown(after: background) }
            state.shutdown = shutdown
            return shutdown
        }
        return await work.value
    }

    /// For ServiceLifecycle: starts, waits for graceful shutdown or cancellation, and shuts down.
    public func run() async throws {
        start()
        try? await gracefulShutdown()
        await shutdown()
    }
}
