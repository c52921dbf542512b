import FoundationEssentials
import Logging
import Metrics
import OTelSDK
import ServiceLifecycle
import Tracing
import UnixSignals

@main
struct ExampleServer {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment

        var defaults = OTelConfiguration()
        defaults.serviceName = "orders"
        defaults.serviceVersion = "1.0"
        defaults.spoolDirectory = environment["ORDERS_SPOOL"]
        var configuration = OTelConfiguration(environment: environment, defaults: defaults)
        configuration.onDiagnostic = { line in StandardError.write("telemetry: \(line)") }

        let otel = OTel(configuration: configuration)
        InstrumentationSystem.bootstrap(otel.tracer)
        MetricsSystem.bootstrap(otel.metrics)
        LoggingSystem.bootstrap(otel.logHandler(label:))

        let port = environment["ORDERS_PORT"].flatMap { UInt16($0) } ?? 8080
        let group = ServiceGroup(
            services: [otel, OrderServer(port: port)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "orders.lifecycle")
        )
        // The server stops first and telemetry last, so that what the last request recorded still leaves.
        try await group.run()
        let spans = await otel.shutdown().ledger.spans
        StandardError.write("telemetry: \(spans.created) spans, \(spans.delivered) delivered, \(spans.spooled) kept")
    }
}
