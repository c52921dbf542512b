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
    /// - Throws: `JournalError` if the journal cannot tell the instance's id.
    init(_ settings: Settings, journal: Journal, environment: [String: String]) async throws {
        var defaults = OTelConfiguration()
        defaults.endpoint = settings.otlpEndpoint
        defaults.serviceName = settings.serviceName
        defaults.serviceVersion = Orchestrator.version
        defaults.logs.exporters = []
        defaults.serviceInstanceID = try await journal.instanceID(host: Self.hostName)
        var configuration = OTelConfiguration(environment: environment, defaults: defaults)
        configuration.scopeName = "orchestrator"
        configuration.scopeVersion = Orchestrator.version
        configuration.shutdownTimeout = settings.telemetryTimeout
        configuration.spoolDirectory = Self.spoolDirectory(settings)
        configuration.collectionLockFile = settings.stateDirectory + "/metrics.lock"
        configuration.onDiagnostic = { _ in }
        for warning in configuration.warnings { Console.complain(warning) }
        let isExported = configuration.traces.exporters.contains(.otlp)
        endpoint = isExported ? configuration.traces.endpoint ?? configuration.endpoint : "standard output"
        sdk = OTel(configuration: configuration)
        sdk.register(JournalMetrics(journal: journal))
        var context = ServiceContext.topLevel
        sdk.tracer.extract(environment, into: &context, using: EnvironmentCarrier())
        parentContext = context
        sdk.start()
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
