import GRPCTransport
import Testing

@testable import OTelSDK

@Suite("The environment configures the SDK")
struct ConfigurationTests {
    @Test("Without variables the specification's defaults hold")
    func defaults() {
        let configuration = OTelConfiguration(environment: [:])
        #expect(configuration.endpoint == "http://localhost:4317")
        #expect(configuration.exportTimeout == .seconds(10))
        #expect(configuration.batch == BatchSettings())
        #expect(configuration.batch.maxQueueSize == 2048)
        #expect(configuration.batch.scheduleDelay == .seconds(5))
        #expect(configuration.metricExportInterval == .seconds(60))
        #expect(configuration.propagators == [.tracecontext, .baggage])
        #expect(configuration.sampler == .parentBased(root: .alwaysOn))
        #expect(configuration.warnings.isEmpty)
    }

    @Test(
        "An empty variable counts as unset",
        arguments: [
            "OTEL_SDK_DISABLED", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS",
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_EXPORTER", "OTEL_PROPAGATORS",
            "OTEL_TRACES_SAMPLER", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_METRIC_EXPORT_INTERVAL",
            "OTEL_SPAN_EVENT_COUNT_LIMIT",
        ]
    )
    func emptyIsUnset(name: String) {
        var defaults = OTelConfiguration()
        defaults.serviceName = "mine"
        let configuration = OTelConfiguration(environment: [name: " "], defaults: defaults)
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.serviceName == "mine")
        #expect(configuration.endpoint == defaults.endpoint)
        #expect(configuration.propagators == defaults.propagators)
        #expect(!configuration.disabled)
    }

    @Test(
        "A value that cannot be used keeps the default and is shown as it was given",
        arguments: [
            ("OTEL_SDK_DISABLED", "yes"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "-1"),
            ("OTEL_TRACES_EXPORTER", "Zipkin"), ("OTEL_PROPAGATORS", "tracecontext,B3x,baggage"),
            ("OTEL_TRACES_SAMPLER", "Sometimes"), ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
            ("OTEL_BSP_SCHEDULE_DELAY", "1.5"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"), ("OTEL_SPAN_LINK_COUNT_LIMIT", "many"),
        ]
    )
    func invalidIsSaid(name: String, value: String) throws {
        let configuration = OTelConfiguration(environment: [name: value])
        let line = try #require(configuration.warnings.first)
        #expect(configuration.warnings.count == 1)
        #expect(line.contains(name))
        let shown = name == "OTEL_PROPAGATORS" ? "B3x" : value
        #expect(line.contains("\"\(shown)\""))
        #expect(configuration.exportTimeout == .seconds(10))
        #expect(configuration.batch == BatchSettings())
        #expect(configuration.traces.exporters == [.otlp])
        #expect(configuration.propagators == [.tracecontext, .baggage])
        #expect(configuration.metricExportInterval == .seconds(60))
    }

    @Test("Every variable reaches its setting")
    func reads() {
        let configuration = OTelConfiguration(environment: [
            "OTEL_SDK_DISABLED": "TRUE", "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317",
            "OTEL_EXPORTER_OTLP_INSECURE": "true", "OTEL_EXPORTER_OTLP_HEADERS": "Api-Key=a%20b, x=1",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "250", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://t:1",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://m:2", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT": "0",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "only=this", "OTEL_METRICS_EXPORTER": "none",
            "OTEL_BSP_SCHEDULE_DELAY": "10", "OTEL_BSP_EXPORT_TIMEOUT": "20", "OTEL_BSP_MAX_QUEUE_SIZE": "30",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4", "OTEL_METRIC_EXPORT_INTERVAL": "70",
            "OTEL_METRIC_EXPORT_TIMEOUT": "80", "OTEL_PROPAGATORS": "baggage, baggage",
            "OTEL_ATTRIBUTE_COUNT_LIMIT": "9", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "8",
            "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "7", "OTEL_SPAN_EVENT_COUNT_LIMIT": "6",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25",
        ])
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.disabled)
        #expect(configuration.endpoint == "collector:4317")
        #expect(configuration.insecure == true)
        #expect(configuration.headers == ["api-key": "a b", "x": "1"])
        #expect(configuration.exportTimeout == .milliseconds(250))
        #expect(configuration.traces.endpoint == "http://t:1")
        #expect(configuration.traces.headers == ["only": "this"])
        #expect(configuration.metrics.endpoint == "http://m:2")
        #expect(configuration.metrics.exportTimeout == EnvironmentReader.noLimit)
        #expect(configuration.metrics.exporters.isEmpty)
        #expect(configuration.batch.scheduleDelay == .milliseconds(10))
        #expect(configuration.batch.exportTimeout == .milliseconds(20))
        #expect(configuration.batch.maxQueueSize == 30)
        #expect(configuration.batch.maxExportBatchSize == 4)
        #expect(configuration.metricExportInterval == .milliseconds(70))
        #expect(configuration.metricExportTimeout == .milliseconds(80))
        #expect(configuration.propagators == [.baggage])
        #expect(configuration.spanLimits.attributes == 8)
        #expect(configuration.spanLimits.attributesPerEvent == 9)
        #expect(configuration.spanLimits.attributeValueLength == 7)
        #expect(configuration.spanLimits.events == 6)
        #expect(configuration.sampler == .parentBased(root: .traceIDRatio(0.25)))
    }

    @Test("OTEL_SERVICE_NAME wins over the resource attributes, and they over the code's default")
    func serviceName() {
        var defaults = OTelConfiguration()
        defaults.serviceName = "orchestrator"
        let attributes = ["OTEL_RESOURCE_ATTRIBUTES": "service.name=second,team=a%3Db"]
        let both = attributes.merging(["OTEL_SERVICE_NAME": "first"]) { $1 }
        #expect(OTelConfiguration(environment: both, defaults: defaults).serviceName == "first")
        #expect(OTelConfiguration(environment: attributes, defaults: defaults).serviceName == "second")
        #expect(OTelConfiguration(environment: attributes).resourceAttributes["team"] == "a=b")
        #expect(OTelConfiguration(environment: [:], defaults: defaults).serviceName == "orchestrator")
    }

    @Test(
        "One broken member discards a whole list, and the value, which may be a secret, is not shown",
        arguments: [
            "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_HEADERS",
        ]
    )
    func brokenList(name: String) throws {
        let configuration = OTelConfiguration(environment: [name: "good=1,secret=%zz"])
        #expect(configuration.resourceAttributes.isEmpty && configuration.headers.isEmpty)
        #expect(configuration.warnings.count == 1)
        #expect(!(try #require(configuration.warnings.first)).contains("secret"))
    }

    @Test("A batch cannot be larger than the queue")
    func batchFitsQueue() {
        let configuration = OTelConfiguration(environment: ["OTEL_BSP_MAX_QUEUE_SIZE": "100"])
        #expect(configuration.batch.maxExportBatchSize == 100)
        #expect(configuration.warnings.count == 1)
    }

    @Test(
        "An endpoint that needs TLS is reported, and nothing is sent in the clear",
        arguments: [
            ("https://localhost:4317", nil as Bool?), ("localhost:4317", false),
        ]
    )
    func refusesTLS(endpoint: String, insecure: Bool?) {
        var configuration = OTelConfiguration()
        configuration.endpoint = endpoint
        configuration.insecure = insecure
        let result = Endpoint(configuration, configuration.traces)
        #expect(result.target == nil)
        #expect(result.problems.first?.contains("TLS") == true)
    }

    @Test("A scheme wins over INSECURE, and a signal's endpoint over the general one")
    func schemeWins() {
        var configuration = OTelConfiguration()
        configuration.insecure = false
        configuration.endpoint = "http://general:1"
        configuration.metrics.endpoint = "http://own:2"
        #expect(Endpoint(configuration, configuration.traces).target?.port == 1)
        #expect(Endpoint(configuration, configuration.metrics).target?.port == 2)
    }

    @Test("A header that gRPC does not allow is left out and said")
    func refusesHeader() {
        var configuration = OTelConfiguration()
        configuration.headers = ["good": "1", "grpc-timeout": "1S", "bad name": "1"]
        let endpoint = Endpoint(configuration, configuration.traces)
        #expect(endpoint.headers == ["good": "1"])
        #expect(endpoint.problems.count == 2)
    }
}
