import Foundation
import Glibc
import Journal
import OTelSDK
import Runner
import Tracing

/// The SDK as this program uses it: traces of the attempts, totals of the journal, and the spool of the state directory.
struct Telemetry: Sendable {
    /// The context that the environment hands on (TRACEPARENT, TRACESTATE, BAGGAGE).
    let parentContext: ServiceContext
    /// Where it goes.
    let endpoint: String
    private let sdk: OTel

    /// Configures the SDK and starts it: what earlier runs left leaves first.
    ///
    /// - Parameters:
    ///   - settings: Where it goes, and what it may cost.
    ///   - journal: What the counters are read from.
    ///   - environment: The `OTEL_*` variables.
    ///   - traceFile: Where the spans are kept as OTLP JSON lines besides, for `bundle` and for looking at them here.
    /// - Throws: `JournalError` if the journal cannot tell the instance's id.
    init(
        _ settings: Settings,
        journal: Journal,
        environment: [String: String],
        traceFile: String? = nil
    ) async throws {
        let id = try await journal.instanceID(host: Self.hostName)
        var configuration = Self.configuration(settings, environment: environment, instanceID: id)
        if let traceFile { configuration.traces.exporters.append(.file(traceFile)) }
        for warning in configuration.warnings { Console.complain(warning) }
        let isExported = configuration.traces.exporters.contains(.otlp)
        endpoint = isExported ? configuration.traces.endpoint ?? configuration.endpoint : "standard output"
        sdk = OTel(configuration: configuration)
        sdk.register(
            JournalMetrics(
                journal: journal,
                spoolDirectory: Self.spoolDirectory(settings),
                conventions: GenAIConventions(environment: environment)
            )
        )
        var context = ServiceContext.topLevel
        sdk.tracer.extract(environment, into: &context, using: EnvironmentCarrier())
        parentContext = context
        sdk.start()
    }

    /// The SDK's configuration: what the environment says over what this program says.
    static func configuration(
        _ settings: Settings,
        environment: [String: String],
        instanceID: String? = nil
    ) -> OTelConfiguration {
        var defaults = OTelConfiguration()
        defaults.endpoint = settings.otlpEndpoint
        defaults.serviceName = settings.serviceName
        defaults.serviceVersion = Orchestrator.version
        defaults.logs.exporters = []
        // Who watches a task that runs for minutes sees what it did a moment ago.
        defaults.batch.scheduleDelay = .seconds(1)
        // While a collector is found to be away, a fast agent's spans wait here until they can go to the spool.
        defaults.batch.maxQueueSize = 16_384
        defaults.serviceInstanceID = instanceID
        var configuration = OTelConfiguration(environment: environment, defaults: defaults)
        configuration.scopeName = "orchestrator"
        // Prometheus shows the scope's version as a label: with it every release would begin new series, and the collector
        // would go on showing the old ones beside them, so that sums count twice. `service.version` tells it.
        configuration.scopeVersion = ""
        configuration.shutdownTimeout = settings.telemetryTimeout
        configuration.spoolDirectory = spoolDirectory(settings)
        configuration.collectionLockFile = settings.stateDirectory + "/metrics.lock"
        configuration.onDiagnostic = { _ in }
        let directory = settings.stateDirectory
        configuration.onRecoveredTrace = { TraceFile.append($0, in: directory) }
        return configuration
    }

    /// The machine's name, without asking a name server, as Foundation would.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes the spans.
    var tracer: any Tracer { sdk.tracer }

    /// Where what the collector has not taken waits.
    static func spoolDirectory(_ settings: Settings) -> String { settings.stateDirectory + "/spool" }

    /// Sends what waits in the spool, or finds out that the collector does not take it.
    func drainSpool(atMost duration: Duration) async { await sdk.drainSpool(atMost: duration) }

    /// Sends what is there within the bound, and keeps the rest.
    func shutdown() async -> ShutdownReport { await sdk.shutdown() }
}
