import Testing

@testable import OTelSDK

@Suite("Every variable, unset, empty, usable and unusable")
struct VariableTests {
    /// One variable: how a usable value is seen, and which values are not usable.
    struct Variable: CustomTestStringConvertible {
        var name: String
        var value: String
        var seen: String
        var unusable: [String] = []
        /// What an unusable value leaves, if it is not the default.
        var fallback: String?
        var setting: @Sendable (OTelConfiguration) -> Any

        var testDescription: String { name }

        func shown(_ configuration: OTelConfiguration) -> String { String(describing: setting(configuration)) }
    }

    static let numbers = ["many", "-1", "1.5", "99999999999999999999"]

    static func signal(
        _ name: String,
        _ signal: @escaping @Sendable (OTelConfiguration) -> SignalSettings
    ) -> [Variable] {
        let prefix = "OTEL_EXPORTER_OTLP_\(name)_"
        return [
            Variable(
                name: "OTEL_\(name)_EXPORTER",
                value: "Console , OTLP",
                seen: "[console, otlp]",
                unusable: ["Zipkin"]
            ) {
                signal($0).exporters.map { "\($0)".split(separator: ".").last.map(String.init) ?? "" }
                    .description.replacing("\"", with: "")
            },
            Variable(name: prefix + "ENDPOINT", value: "http://t:1", seen: "http://t:1") { signal($0).endpoint ?? "-" },
            Variable(name: prefix + "INSECURE", value: "True", seen: "true", unusable: ["1"], fallback: "false") {
                signal($0).insecure.map { "\($0)" } ?? "-"
            },
            Variable(name: prefix + "HEADERS", value: "Api-Key=a%20b", seen: "[\"api-key\": \"a b\"]") {
                signal($0).headers ?? [:]
            },
            Variable(name: prefix + "COMPRESSION", value: "GZIP", seen: "gzip", unusable: ["Zstd"]) {
                signal($0).compression.map { "\($0)" } ?? "-"
            },
            Variable(name: prefix + "TIMEOUT", value: "250", seen: "0.25 seconds", unusable: numbers) {
                signal($0).exportTimeout.map { "\($0)" } ?? "-"
            },
            Variable(name: prefix + "CERTIFICATE", value: "/ca", seen: "/ca") { signal($0).tls?.certificate ?? "-" },
            Variable(name: prefix + "CLIENT_KEY", value: "/key", seen: "/key") { signal($0).tls?.clientKey ?? "-" },
            Variable(name: prefix + "CLIENT_CERTIFICATE", value: "/own", seen: "/own") {
                signal($0).tls?.clientCertificate ?? "-"
            },
            Variable(name: prefix + "PROTOCOL", value: "gRPC", seen: "grpc", unusable: ["http/JSON"]) { _ in "grpc" },
        ]
    }

    static func batch(_ prefix: String, _ batch: @escaping @Sendable (OTelConfiguration) -> BatchSettings) -> [Variable]
    {
        [
            Variable(name: prefix + "SCHEDULE_DELAY", value: "10", seen: "0.01 seconds", unusable: numbers) {
                batch($0).scheduleDelay
            },
            Variable(name: prefix + "EXPORT_TIMEOUT", value: "20", seen: "0.02 seconds", unusable: numbers) {
                batch($0).exportTimeout
            },
            Variable(name: prefix + "MAX_QUEUE_SIZE", value: "3000", seen: "3000", unusable: numbers + ["0"]) {
                batch($0).maxQueueSize
            },
            Variable(name: prefix + "MAX_EXPORT_BATCH_SIZE", value: "4", seen: "4", unusable: numbers + ["0"]) {
                batch($0).maxExportBatchSize
            },
        ]
    }

    static func limit(_ name: String, _ setting: @escaping @Sendable (OTelConfiguration) -> Int?) -> Variable {
        Variable(name: "OTEL_\(name)_LIMIT", value: "7", seen: "7", unusable: numbers) {
            setting($0).map { "\($0)" } ?? "-"
        }
    }

    static let variables: [Variable] =
        [
            Variable(name: "OTEL_SDK_DISABLED", value: "TRUE", seen: "true", unusable: ["yes", "1", "on"]) {
                $0.disabled
            },
            Variable(name: "OTEL_LOG_LEVEL", value: "Error", seen: "error", unusable: ["Loud"]) {
                $0.diagnosticThreshold
            },
            Variable(name: "OTEL_SERVICE_NAME", value: " shop ", seen: "shop") { $0.serviceName ?? "-" },
            Variable(name: "OTEL_RESOURCE_ATTRIBUTES", value: "a=b%3Dc,", seen: "[\"a\": \"b=c\"]") {
                $0.resourceAttributes
            },
            Variable(name: "OTEL_PROPAGATORS", value: "Baggage, baggage", seen: "[baggage]", unusable: ["B3x"]) {
                "[" + $0.propagators.map(\.rawValue).joined(separator: ",") + "]"
            },
            Variable(
                name: "OTEL_TRACES_SAMPLER",
                value: "Always_Off",
                seen: "AlwaysOffSampler",
                unusable: ["Sometimes", "jaeger_remote"]
            ) { $0.sampler },
            Variable(name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "collector:4317", seen: "collector:4317") {
                $0.endpoint
            },
            Variable(
                name: "OTEL_EXPORTER_OTLP_INSECURE",
                value: "true",
                seen: "true",
                unusable: ["1"],
                fallback: "false"
            ) { $0.insecure.map { "\($0)" } ?? "-" },
            Variable(name: "OTEL_EXPORTER_OTLP_HEADERS", value: "K=v==", seen: "[\"k\": \"v==\"]") { $0.headers },
            Variable(name: "OTEL_EXPORTER_OTLP_COMPRESSION", value: "gzip", seen: "gzip", unusable: ["Zstd"]) {
                $0.compression
            },
            Variable(
                name: "OTEL_EXPORTER_OTLP_TIMEOUT",
                value: "250",
                seen: "0.25 seconds",
                unusable: numbers + ["10s"]
            ) {
                $0.exportTimeout
            },
            Variable(name: "OTEL_EXPORTER_OTLP_CERTIFICATE", value: "/ca", seen: "/ca") { $0.tls.certificate ?? "-" },
            Variable(name: "OTEL_EXPORTER_OTLP_CLIENT_KEY", value: "/key", seen: "/key") { $0.tls.clientKey ?? "-" },
            Variable(name: "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", value: "/own", seen: "/own") {
                $0.tls.clientCertificate ?? "-"
            },
            Variable(name: "OTEL_EXPORTER_OTLP_PROTOCOL", value: "grpc", seen: "grpc", unusable: ["http/protobuf"]) {
                _ in
                "grpc"
            },
            Variable(
                name: "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                value: "LowMemory",
                seen: "lowMemory",
                unusable: ["Sum"]
            ) { $0.temporality },
            Variable(
                name: "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                value: "base2_exponential_bucket_histogram",
                seen: "exponential",
                unusable: ["Summary"]
            ) { $0.histogramAggregation },
            Variable(name: "OTEL_METRIC_EXPORT_INTERVAL", value: "70", seen: "0.07 seconds", unusable: numbers + ["0"])
            {
                $0.metricExportInterval
            },
            Variable(name: "OTEL_METRIC_EXPORT_TIMEOUT", value: "80", seen: "0.08 seconds", unusable: numbers) {
                $0.metricExportTimeout
            },
            Variable(name: "OTEL_METRICS_EXEMPLAR_FILTER", value: "always_off", seen: "-", unusable: ["Trace_Based"]) {
                _ in
                "-"
            },
            limit("ATTRIBUTE_COUNT") { $0.spanLimits.attributes },
            limit("ATTRIBUTE_COUNT") { $0.spanLimits.attributesPerEvent },
            limit("ATTRIBUTE_COUNT") { $0.spanLimits.attributesPerLink },
            limit("ATTRIBUTE_COUNT") { $0.logRecordLimits.attributes },
            limit("ATTRIBUTE_VALUE_LENGTH") { $0.spanLimits.attributeValueLength },
            limit("ATTRIBUTE_VALUE_LENGTH") { $0.logRecordLimits.attributeValueLength },
            limit("SPAN_ATTRIBUTE_COUNT") { $0.spanLimits.attributes },
            limit("SPAN_ATTRIBUTE_VALUE_LENGTH") { $0.spanLimits.attributeValueLength },
            limit("SPAN_EVENT_COUNT") { $0.spanLimits.events },
            limit("SPAN_LINK_COUNT") { $0.spanLimits.links },
            limit("EVENT_ATTRIBUTE_COUNT") { $0.spanLimits.attributesPerEvent },
            limit("LINK_ATTRIBUTE_COUNT") { $0.spanLimits.attributesPerLink },
            limit("LOGRECORD_ATTRIBUTE_COUNT") { $0.logRecordLimits.attributes },
            limit("LOGRECORD_ATTRIBUTE_VALUE_LENGTH") { $0.logRecordLimits.attributeValueLength },
        ] + signal("TRACES") { $0.traces } + signal("METRICS") { $0.metrics } + signal("LOGS") { $0.logs }
        + batch("OTEL_BSP_") { $0.batch } + batch("OTEL_BLRP_") { $0.logBatch }

    @Test("Every variable reaches its setting, empty it counts as unset", arguments: variables)
    func reads(variable: Variable) {
        let usable = OTelConfiguration(environment: [variable.name: variable.value])
        #expect(variable.shown(usable) == variable.seen)
        #expect(usable.warnings.isEmpty)
        let before = variable.shown(OTelConfiguration())
        for empty in ["", " \t"] {
            let configuration = OTelConfiguration(environment: [variable.name: empty])
            #expect(variable.shown(configuration) == before)
            #expect(configuration.warnings.isEmpty)
        }
    }

    @Test("A value that cannot be used keeps the default and is shown as it was given", arguments: variables)
    func refuses(variable: Variable) throws {
        let before = variable.shown(OTelConfiguration())
        for value in variable.unusable {
            let configuration = OTelConfiguration(environment: [variable.name: value])
            #expect(variable.shown(configuration) == variable.fallback ?? before)
            #expect(configuration.warnings.count == 1)
            let line = try #require(configuration.warnings.first)
            #expect(line.contains(variable.name) && line.contains("\"\(value)\""))
        }
    }
}
