/// Every setting of the SDK, with the specification's defaults.
///
/// Three ways to fill it, the later winning over the earlier: defaults, the environment by
/// ``init(environment:defaults:)``, and code that sets properties afterwards.
public struct OTelConfiguration: Sendable {
    /// Switches all signals off (OTEL_SDK_DISABLED): nothing is recorded or sent; context is still handed on.
    public var disabled = false

    // MARK: Where to

    /// The collector: `http://host:port`, `https://host:port`, `host:port`, `[::1]:4317` or `unix:/path`.
    ///
    /// The default port is 4317; `https` asks for TLS (OTEL_EXPORTER_OTLP_ENDPOINT).
    public var endpoint = "http://localhost:4317"

    /// Whether an endpoint without a scheme is meant as cleartext (OTEL_EXPORTER_OTLP_INSECURE); a scheme wins over it.
    ///
    /// Nil is not said, and counts as false, as the specification has it: `host:4317` asks for TLS, `http://host:4317`,
    /// which the default is, does not. A Unix socket is encrypted only for an outspoken false.
    public var insecure: Bool?

    /// Sent with every request as gRPC metadata, for instance a token.
    public var headers: [String: String] = [:]

    /// How requests are compressed.
    public var compression = Compression.none

    /// Files for TLS, used where an endpoint asks for it.
    public var tls = TLSFiles()

    /// Encoded bytes of one request, beyond which a batch is split; receivers take 4 MiB by default.
    public var maxBatchBytes = (4 << 20) - (64 << 10)

    /// Bytes of one request before compression that are never exceeded: a larger one is not sent, but counted.
    public var maxRequestBytes = 64 << 20

    /// Bytes of one answer, decompressed, that are read.
    public var maxResponseBytes = 4 << 20

    /// How long a connection may be silent before it is asked for a sign of life; at least 10 s, nil never asks.
    ///
    /// gRPC proposal A8; off by default, as many servers close connections that ask often.
    public var keepaliveTime: Duration?

    /// How long the sign of life may take.
    public var keepaliveTimeout = Duration.seconds(20)

    /// The budget of one batch, retries included.
    public var exportTimeout = Duration.seconds(10)

    /// What applies to traces alone.
    public var traces = SignalSettings()

    /// What applies to metrics alone.
    public var metrics = SignalSettings()

    /// What applies to logs alone.
    public var logs = SignalSettings()

    /// What exit may cost: the bound of ``OTel/shutdown()`` on the network.
    public var shutdownTimeout = Duration.seconds(2)

    // MARK: Who sends

    /// `service.name`; nil becomes `unknown_service:` and the executable's name.
    public var serviceName: String?

    /// `service.version`.
    public var serviceVersion: String?

    /// `service.instance.id`; nil becomes a random UUID.
    public var serviceInstanceID: String?

    /// Further attributes of the resource; they win over what is detected, and the three settings above win over them.
    public var resourceAttributes: [String: String] = [:]

    /// Name of the instrumentation scope of ``OTel/tracer`` and of the metrics factory; nil takes the service's name.
    public var scopeName: String?

    /// Version of that scope; nil takes the service's version.
    public var scopeVersion: String?

    // MARK: Traces

    /// Which spans are recorded.
    public var sampler = Sampler.parentBased(root: .alwaysOn)

    /// How much one span may carry.
    public var spanLimits = SpanLimits()

    /// How spans are gathered.
    public var batch = BatchSettings()

    /// In which formats context is injected and extracted.
    public var propagators: [Propagator] = [.tracecontext, .baggage]

    // MARK: Metrics

    /// The time between two collections.
    public var metricExportInterval = Duration.seconds(60)

    /// The bound of one collection's export; the smaller of this and the export timeout holds.
    public var metricExportTimeout = Duration.seconds(30)

    /// How many attribute sets one instrument may have, the overflow series among them.
    public var cardinalityLimit = 2000

    /// Bucket bounds of timers, in seconds, and of other histograms, by label; ``HistogramBounds`` has the defaults.
    public var histogramBounds: [String: [Double]] = [:]

    /// What instruments become, other than by default; the first view that matches holds.
    public var views: [OTelView] = []

    /// Locked while producers are read and their metrics sent, so that totals of several processes arrive in order.
    public var collectionLockFile: String?

    /// How long that lock is waited for; at shutdown what is left of the bound, if that is less.
    public var collectionLockTimeout = Duration.seconds(5)

    /// What the points of sums and histograms count from (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE).
    public var temporality = TemporalityPreference.cumulative

    /// How histograms are kept (OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION).
    public var histogramAggregation = HistogramAggregation.explicitBuckets

    /// Whether the SDK tells about itself, in the 17 otel.sdk.* metrics of the semantic conventions.
    public var selfObservability = true

    // MARK: Logs

    /// How log records are gathered (OTEL_BLRP_*).
    public var logBatch = {
        var batch = BatchSettings()
        batch.scheduleDelay = .seconds(1)
        return batch
    }()

    /// How much one log record may carry.
    public var logRecordLimits = LogRecordLimits()

    // MARK: Spool

    /// Where undelivered requests are kept; nil keeps none, and what is not delivered is dropped and counted.
    ///
    /// Spans and log records then live in a file there from their first moment on: what had ended when the process is
    /// killed leaves with the next start, and what was open as ended with `error.type` = `process_killed`. Several
    /// processes may share one directory. From a queue that is half full a collector that does not take them is not waited
    /// for, so that bursts go to the spool instead of being dropped. After a power cut only what the system had written to
    /// disk is there.
    public var spoolDirectory: String?

    /// The bound of the spool's size in bytes; the oldest requests make room for newer ones.
    ///
    /// A quarter of it is what one process's spans and log records may take; those beyond it would not survive kill -9.
    public var maxSpoolBytes = 64 << 20

    /// What is older leaves the spool undelivered, and is counted.
    public var maxSpoolAge = Duration.seconds(7 * 24 * 3600)

    /// Gets each trace of which a killed process left spans, before they leave; called on a thread that may wait.
    ///
    /// It may get the same trace again, if this process is killed too before its spool has them.
    public var onRecoveredTrace: (@Sendable (RecoveredTrace) -> Void)?

    // MARK: What went wrong

    /// What in the environment could not be used, one line each; the defaults were kept.
    ///
    /// ``OTel`` hands these lines to ``onDiagnostic`` when it is made.
    public internal(set) var warnings: [String] = []

    /// Gets a line whenever something could not be done as asked; called on any thread, must return soon.
    public var onDiagnostic: @Sendable (OTelDiagnostic) -> Void = { _ in }

    /// What matters less is not handed to ``onDiagnostic`` (OTEL_LOG_LEVEL).
    public var diagnosticThreshold = OTelDiagnostic.Level.info

    /// Makes the defaults.
    public init() {}
}
