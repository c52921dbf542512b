extension OTelConfiguration {
    /// Applies the OTEL_* variables over the given defaults.
    ///
    /// An empty value counts as unset. A value that cannot be used keeps the default and leaves a line in ``warnings``
    /// (specification/configuration/sdk-environment-variables.md). The dictionary is usually the process's environment.
    public init(environment: [String: String], defaults: OTelConfiguration = OTelConfiguration()) {
        self = defaults
        var reader = EnvironmentReader(environment)
        disabled = reader.bool("OTEL_SDK_DISABLED") ?? disabled
        readDestination(&reader)
        readResource(&reader)
        readTraces(&reader)
        readMetrics(&reader)
        warnings += reader.warnings
    }

    private mutating func readDestination(_ reader: inout EnvironmentReader) {
        let prefix = "OTEL_EXPORTER_OTLP_"
        endpoint = reader.string(prefix + "ENDPOINT") ?? endpoint
        insecure = reader.bool(prefix + "INSECURE") ?? insecure
        headers = reader.list(prefix + "HEADERS", lowercasesKeys: true) ?? headers
        exportTimeout = reader.timeout(prefix + "TIMEOUT") ?? exportTimeout
        traces.read(&reader, signal: "TRACES")
        metrics.read(&reader, signal: "METRICS")
        reader.onlySupported(prefix + "PROTOCOL", ["grpc"])
        reader.onlySupported(prefix + "COMPRESSION", ["none"])
        reader.onlySupported(prefix + "METRICS_TEMPORALITY_PREFERENCE", ["cumulative"])
        reader.onlySupported(prefix + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", ["explicit_bucket_histogram"])
        for name in ["CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE"] {
            reader.notSupported(prefix + name, because: "TLS is not there yet")
        }
        reader.notSupported("OTEL_CONFIG_FILE", because: "declarative configuration is not there")
    }

    private mutating func readResource(_ reader: inout EnvironmentReader) {
        if let attributes = reader.list("OTEL_RESOURCE_ATTRIBUTES", lowercasesKeys: false) {
            resourceAttributes.merge(attributes) { ours, _ in ours }
            serviceName = attributes["service.name"] ?? serviceName
            serviceVersion = attributes["service.version"] ?? serviceVersion
            serviceInstanceID = attributes["service.instance.id"] ?? serviceInstanceID
        }
        serviceName = reader.string("OTEL_SERVICE_NAME") ?? serviceName
    }

    private mutating func readTraces(_ reader: inout EnvironmentReader) {
        sampler = reader.sampler() ?? sampler
        propagators = reader.propagators() ?? propagators
        batch.scheduleDelay = reader.milliseconds("OTEL_BSP_SCHEDULE_DELAY") ?? batch.scheduleDelay
        batch.exportTimeout = reader.timeout("OTEL_BSP_EXPORT_TIMEOUT") ?? batch.exportTimeout
        batch.maxQueueSize = reader.positive("OTEL_BSP_MAX_QUEUE_SIZE") ?? batch.maxQueueSize
        batch.maxExportBatchSize = reader.positive("OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? batch.maxExportBatchSize
        if batch.maxExportBatchSize > batch.maxQueueSize {
            reader.warnings.append(
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE is larger than the queue (\(batch.maxQueueSize)); the queue's size is used."
            )
            batch.maxExportBatchSize = batch.maxQueueSize
        }
        readSpanLimits(&reader)
    }

    private mutating func readSpanLimits(_ reader: inout EnvironmentReader) {
        if let count = reader.count("OTEL_ATTRIBUTE_COUNT_LIMIT") {
            spanLimits.attributes = count
            spanLimits.attributesPerEvent = count
            spanLimits.attributesPerLink = count
        }
        spanLimits.attributes = reader.count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? spanLimits.attributes
        spanLimits.events = reader.count("OTEL_SPAN_EVENT_COUNT_LIMIT") ?? spanLimits.events
        spanLimits.links = reader.count("OTEL_SPAN_LINK_COUNT_LIMIT") ?? spanLimits.links
        spanLimits.attributesPerEvent =
            reader.count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") ?? spanLimits.attributesPerEvent
        spanLimits.attributesPerLink = reader.count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") ?? spanLimits.attributesPerLink
        let general = reader.count("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")
        let own = reader.count("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT")
        spanLimits.attributeValueLength = own ?? general ?? spanLimits.attributeValueLength
    }

    private mutating func readMetrics(_ reader: inout EnvironmentReader) {
        metricExportInterval = reader.positiveMilliseconds("OTEL_METRIC_EXPORT_INTERVAL") ?? metricExportInterval
        metricExportTimeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT") ?? metricExportTimeout
    }
}

extension SignalSettings {
    fileprivate mutating func read(_ reader: inout EnvironmentReader, signal: String) {
        let prefix = "OTEL_EXPORTER_OTLP_\(signal)_"
        exporters = reader.exporters("OTEL_\(signal)_EXPORTER") ?? exporters
        endpoint = reader.string(prefix + "ENDPOINT") ?? endpoint
        headers = reader.list(prefix + "HEADERS", lowercasesKeys: true) ?? headers
        exportTimeout = reader.timeout(prefix + "TIMEOUT") ?? exportTimeout
        reader.onlySupported(prefix + "PROTOCOL", ["grpc"])
        reader.onlySupported(prefix + "COMPRESSION", ["none"])
    }
}
