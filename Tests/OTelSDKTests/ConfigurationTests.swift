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
        #expect(configuration.logBatch.scheduleDelay == .seconds(1) && configuration.logBatch.maxQueueSize == 2048)
        #expect(configuration.compression == .none && configuration.temporality == .cumulative)
        #expect(configuration.warnings.isEmpty)
    }

    @Test(
        "A timeout of 0 is no limit",
        arguments: [
            "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "OTEL_BSP_EXPORT_TIMEOUT",
            "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_METRIC_EXPORT_TIMEOUT",
        ]
    )
    func zeroTimeout(name: String) throws {
        let variable = try #require(VariableTests.variables.first { $0.name == name })
        let configuration = OTelConfiguration(environment: [name: "0"])
        #expect(variable.shown(configuration) == "\(EnvironmentReader.noLimit)")
        #expect(configuration.warnings.isEmpty)
    }

    @Test(
        "In a list what is known counts, and none counts only alone",
        arguments: [
            ("none", [] as [Propagator], 0), ("None,none", [], 0), ("tracecontext,B3x", [.tracecontext], 1),
            ("none,baggage", [.baggage], 1), ("b3,jaeger", [.tracecontext, .baggage], 2),
            (" , ", [.tracecontext, .baggage], 0), ("baggage,tracecontext,baggage", [.baggage, .tracecontext], 0),
        ]
    )
    func lists(value: String, expected: [Propagator], warnings: Int) {
        let configuration = OTelConfiguration(environment: ["OTEL_PROPAGATORS": value])
        #expect(configuration.propagators == expected)
        #expect(configuration.warnings.count == warnings)
    }

    @Test("The exporter otlp/stdout is the console, and none is none")
    func exporters() {
        let names = ["OTEL_TRACES_EXPORTER": "otlp/stdout,console", "OTEL_LOGS_EXPORTER": "none"]
        let configuration = OTelConfiguration(environment: names)
        #expect(configuration.traces.exporters == [.console])
        #expect(configuration.logs.exporters.isEmpty)
        #expect(configuration.metrics.exporters == [.otlp])
        #expect(configuration.warnings.isEmpty)
    }

    @Test(
        "A sampler takes its ratio from the argument, and 1 where that cannot be used",
        arguments: [
            ("traceidratio", "0.25", Sampler.traceIDRatio(0.25), 0),
            ("parentbased_traceidratio", "1", .parentBased(root: .traceIDRatio(1)), 0),
            ("traceidratio", "", .traceIDRatio(1), 0), ("traceidratio", "2", .traceIDRatio(1), 1),
            ("traceidratio", "nan", .traceIDRatio(1), 1), ("always_on", "nonsense", .alwaysOn, 0),
            ("parentbased_always_off", "", .parentBased(root: .alwaysOff), 0),
        ]
    )
    func sampler(name: String, argument: String, expected: Sampler, warnings: Int) {
        let configuration = OTelConfiguration(environment: [
            "OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument,
        ])
        #expect(configuration.sampler == expected)
        #expect(configuration.warnings.count == warnings)
    }

    @Test("A limit's own variable wins over the general one, and both over code's default")
    func limits() {
        var defaults = OTelConfiguration()
        defaults.spanLimits.attributes = 1
        defaults.spanLimits.links = 2
        let configuration = OTelConfiguration(
            environment: [
                "OTEL_ATTRIBUTE_COUNT_LIMIT": "9", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "8",
                "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "7", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "6",
            ],
            defaults: defaults
        )
        #expect(configuration.spanLimits.attributes == 8 && configuration.spanLimits.attributesPerEvent == 9)
        #expect(configuration.spanLimits.links == 2 && configuration.logRecordLimits.attributes == 9)
        #expect(configuration.spanLimits.attributeValueLength == 7)
        #expect(configuration.logRecordLimits.attributeValueLength == 6)
    }

    @Test("A signal's own TLS file stands beside the general ones")
    func ownTLS() {
        let configuration = OTelConfiguration(environment: [
            "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca", "OTEL_EXPORTER_OTLP_CLIENT_KEY": "/key",
            "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY": "/own",
        ])
        #expect(configuration.logs.tls?.clientKey == "/own" && configuration.logs.tls?.certificate == "/ca")
        #expect(configuration.traces.tls == nil && configuration.tls.clientKey == "/key")
    }

    @Test("With OTEL_CONFIG_FILE no other variable counts, nothing is sent, and it is said")
    func configFile() {
        var defaults = OTelConfiguration()
        defaults.serviceName = "mine"
        let configuration = OTelConfiguration(
            environment: [
                "OTEL_CONFIG_FILE": "/etc/otel.yaml", "OTEL_SERVICE_NAME": "theirs", "OTEL_SDK_DISABLED": "false",
                "OTEL_BSP_MAX_QUEUE_SIZE": "nonsense",
            ],
            defaults: defaults
        )
        #expect(configuration.disabled)
        #expect(configuration.serviceName == "mine")
        #expect(configuration.warnings.count == 1)
        #expect(configuration.warnings.first?.contains("\"/etc/otel.yaml\"") == true)
        #expect(!OTelConfiguration(environment: ["OTEL_CONFIG_FILE": ""]).disabled)
    }

    @Test("What matters less than OTEL_LOG_LEVEL is not told")
    func threshold() {
        let log = DiagnosticLog()
        var configuration = OTelConfiguration(environment: ["OTEL_LOG_LEVEL": "ERROR"])
        configuration.onDiagnostic = { log.note($0) }
        for kind in OTelDiagnostic.Kind.allCases {
            configuration.diagnosticHook(OTelDiagnostic(kind: kind, message: ""))
        }
        #expect(log.has(.dropped) && !log.has(.resent) && !log.has(.configuration))
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
        arguments: ["OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_HEADERS"],
        ["good=1,secret=%zz", "good=1,secret", "good=1,=secret", "good=1,secret=%ff", "good=1,secret=%4"]
    )
    func brokenList(name: String, value: String) throws {
        let configuration = OTelConfiguration(environment: [name: value])
        #expect(configuration.resourceAttributes.isEmpty && configuration.headers.isEmpty)
        #expect(configuration.logs.headers == nil)
        #expect(configuration.warnings.count == 1)
        let line = try #require(configuration.warnings.first)
        #expect(line.contains(name) && !line.contains("secret") && !line.contains("good"))
    }

    @Test("Headers have no properties; resource attributes may hold a semicolon")
    func semicolon() {
        let value = "k=secret;p=1"
        let headers = OTelConfiguration(environment: ["OTEL_EXPORTER_OTLP_HEADERS": value])
        #expect(headers.headers.isEmpty && headers.warnings.count == 1)
        let attributes = OTelConfiguration(environment: ["OTEL_RESOURCE_ATTRIBUTES": value])
        #expect(attributes.resourceAttributes == ["k": "secret;p=1"] && attributes.warnings.isEmpty)
    }

    @Test("A batch cannot be larger than the queue; only who asked for it is told")
    func batchFitsQueue() {
        let queue = OTelConfiguration(environment: ["OTEL_BSP_MAX_QUEUE_SIZE": "100"])
        #expect(queue.batch.maxExportBatchSize == 100 && queue.warnings.isEmpty)
        let batch = OTelConfiguration(environment: ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "5000"])
        #expect(batch.logBatch.maxExportBatchSize == 2048 && batch.warnings.count == 1)
    }

    @Test(
        "A scheme decides about TLS, then INSECURE; with neither it is TLS, but not on a Unix socket",
        arguments: [
            ("https://a:1", nil, true), ("https://a:1", true, true), ("http://a:1", nil, false),
            ("http://a:1", false, false), ("a:1", nil, true), ("a:1", true, false), ("a:1", false, true),
            ("dns:///a:1", nil, true), ("unix:/a", nil, false), ("unix:/a", false, true), ("unix:/a", true, false),
        ] as [(String, Bool?, Bool)]
    )
    func usesTLS(endpoint: String, insecure: Bool?, isExpected: Bool) {
        var configuration = OTelConfiguration()
        configuration.endpoint = endpoint
        configuration.insecure = insecure
        let result = Endpoint(configuration, configuration.traces)
        #expect(result.target != nil && result.problems.isEmpty)
        #expect((result.tls != nil) == isExpected)
    }

    @Test("A signal's own word on TLS, and its own files, win over the general ones")
    func signalTLS() {
        var configuration = OTelConfiguration()
        configuration.endpoint = "a:1"
        configuration.insecure = true
        configuration.tls.certificate = "/general.pem"
        configuration.traces.insecure = false
        #expect(Endpoint(configuration, configuration.traces).tls == TLSSettings(certificateFile: "/general.pem"))
        var files = TLSFiles()
        (files.clientKey, files.clientCertificate) = ("/key", "/chain")
        configuration.traces.tls = files
        let own = TLSSettings(clientKeyFile: "/key", clientCertificateFile: "/chain")
        #expect(Endpoint(configuration, configuration.traces).tls == own)
        #expect(Endpoint(configuration, configuration.metrics).tls == nil)
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
