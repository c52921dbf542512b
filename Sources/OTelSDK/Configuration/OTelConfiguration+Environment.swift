extension OTelConfiguration {
    /// Applies the OTEL_* variables over the given defaults.
    ///
    /// An empty value counts as unset. A value that cannot be used keeps the default and leaves a line in ``warnings``
    /// (specification/configuration/sdk-environment-variables.md). The dictionary is usually the process's environment.
    ///
    /// With OTEL_CONFIG_FILE set no other variable may count, and the file's language is not understood here. Nothing is
    /// then sent anywhere, rather than to the wrong place: ``disabled`` is set, and a warning says why.
    public init(environment: [String: String], defaults: OTelConfiguration = OTelConfiguration()) {
        self = defaults
        var reader = EnvironmentReader(environment)
        if let file = reader.string("OTEL_CONFIG_FILE") {
            disabled = true
            reader.warn(
                "OTEL_CONFIG_FILE=\"\(file)\" cannot be followed, as declarative configuration is not there, and with it "
                    + "set no other OTEL_ variable counts: nothing is sent; unset it and use the variables."
            )
        } else {
            read(&reader)
        }
        warnings += reader.warnings
    }

    private mutating func read(_ reader: inout EnvironmentReader) {
        disabled = reader.bool("OTEL_SDK_DISABLED") ?? disabled
        diagnosticThreshold = reader.choice("OTEL_LOG_LEVEL", OTelDiagnostic.Level.words) ?? diagnosticThreshold
        propagators =
            reader.choices("OTEL_PROPAGATORS", ["tracecontext": .tracecontext, "baggage": .baggage]) ?? propagators
        readResource(&reader)
        readDestination(&reader)
        sampler = reader.sampler() ?? sampler
        batch.read(&reader, prefix: "OTEL_BSP_")
        logBatch.read(&reader, prefix: "OTEL_BLRP_")
        readLimits(&reader)
        readMetrics(&reader)
    }

    private mutating func readResource(_ reader: inout EnvironmentReader) {
        if let attributes = reader.pairs("OTEL_RESOURCE_ATTRIBUTES", as: .attributes) {
            resourceAttributes.merge(attributes) { given, _ in given }
            serviceName = attributes["service.name"] ?? serviceName
            serviceVersion = attributes["service.version"] ?? serviceVersion
            serviceInstanceID = attributes["service.instance.id"] ?? serviceInstanceID
        }
        serviceName = reader.string("OTEL_SERVICE_NAME") ?? serviceName
    }

    private mutating func readDestination(_ reader: inout EnvironmentReader) {
        let prefix = "OTEL_EXPORTER_OTLP_"
        endpoint = reader.string(prefix + "ENDPOINT") ?? endpoint
        insecure = reader.bool(prefix + "INSECURE") ?? insecure
        headers = reader.pairs(prefix + "HEADERS", as: .headers) ?? headers
        compression = reader.choice(prefix + "COMPRESSION") ?? compression
        exportTimeout = reader.timeout(prefix + "TIMEOUT") ?? exportTimeout
        tls = tls.reading(&reader, prefix: prefix) ?? tls
        reader.expect(prefix + "PROTOCOL", "grpc")
        traces.read(&reader, signal: "TRACES", general: tls)
        metrics.read(&reader, signal: "METRICS", general: tls)
        logs.read(&reader, signal: "LOGS", general: tls)
    }

    private mutating func readLimits(_ reader: inout EnvironmentReader) {
        let count = reader.integer("OTEL_ATTRIBUTE_COUNT_LIMIT")
        let length = reader.integer("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")
        func set(_ limit: inout Int, _ name: String, general: Int? = nil) {
            limit = reader.integer("OTEL_\(name)_LIMIT") ?? general ?? limit
        }
        set(&spanLimits.attributes, "SPAN_ATTRIBUTE_COUNT", general: count)
        set(&spanLimits.events, "SPAN_EVENT_COUNT")
        set(&spanLimits.links, "SPAN_LINK_COUNT")
        set(&spanLimits.attributesPerEvent, "EVENT_ATTRIBUTE_COUNT", general: count)
        set(&spanLimits.attributesPerLink, "LINK_ATTRIBUTE_COUNT", general: count)
        set(&logRecordLimits.attributes, "LOGRECORD_ATTRIBUTE_COUNT", general: count)
        spanLimits.attributeValueLength =
            reader.integer("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length ?? spanLimits.attributeValueLength
        logRecordLimits.attributeValueLength =
            reader.integer("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length
            ?? logRecordLimits.attributeValueLength
    }

    private mutating func readMetrics(_ reader: inout EnvironmentReader) {
        let prefix = "OTEL_EXPORTER_OTLP_METRICS_"
        temporality = reader.choice(prefix + "TEMPORALITY_PREFERENCE") ?? temporality
        histogramAggregation = reader.choice(prefix + "DEFAULT_HISTOGRAM_AGGREGATION") ?? histogramAggregation
        metricExportInterval =
            reader.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", atLeast: 1) ?? metricExportInterval
        metricExportTimeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT") ?? metricExportTimeout
        reader.expect("OTEL_METRICS_EXEMPLAR_FILTER", "always_off")
    }
}

extension SignalSettings {
    /// A signal's own variable wins over the general one, each for itself.
    fileprivate mutating func read(_ reader: inout EnvironmentReader, signal: String, general: TLSFiles) {
        let prefix = "OTEL_EXPORTER_OTLP_\(signal)_"
        exporters =
            reader.choices("OTEL_\(signal)_EXPORTER", ["otlp": .otlp, "console": .console, "otlp/stdout": .console])
            ?? exporters
        endpoint = reader.string(prefix + "ENDPOINT") ?? endpoint
        insecure = reader.bool(prefix + "INSECURE") ?? insecure
        headers = reader.pairs(prefix + "HEADERS", as: .headers) ?? headers
        compression = reader.choice(prefix + "COMPRESSION") ?? compression
        exportTimeout = reader.timeout(prefix + "TIMEOUT") ?? exportTimeout
        tls = (tls ?? general).reading(&reader, prefix: prefix) ?? tls
        reader.expect(prefix + "PROTOCOL", "grpc")
    }
}

extension TLSFiles {
    /// Nil where no variable is set.
    fileprivate func reading(_ reader: inout EnvironmentReader, prefix: String) -> TLSFiles? {
        var files = self
        files.certificate = reader.string(prefix + "CERTIFICATE") ?? certificate
        files.clientKey = reader.string(prefix + "CLIENT_KEY") ?? clientKey
        files.clientCertificate = reader.string(prefix + "CLIENT_CERTIFICATE") ?? clientCertificate
        return files == self ? nil : files
    }
}

extension BatchSettings {
    fileprivate mutating func read(_ reader: inout EnvironmentReader, prefix: String) {
        scheduleDelay = reader.milliseconds(prefix + "SCHEDULE_DELAY") ?? scheduleDelay
        exportTimeout = reader.timeout(prefix + "EXPORT_TIMEOUT") ?? exportTimeout
        maxQueueSize = reader.integer(prefix + "MAX_QUEUE_SIZE", atLeast: 1) ?? maxQueueSize
        let given = reader.integer(prefix + "MAX_EXPORT_BATCH_SIZE", atLeast: 1)
        if let given, given > maxQueueSize {
            reader.warn(
                "\(prefix)MAX_EXPORT_BATCH_SIZE=\"\(given)\" is larger than the queue; the queue's \(maxQueueSize) is used."
            )
        }
        maxExportBatchSize = min(given ?? maxExportBatchSize, maxQueueSize)
    }
}

extension EnvironmentReader {
    fileprivate mutating func sampler() -> Sampler? {
        let name = "OTEL_TRACES_SAMPLER"
        let isRatio = string(name)?.lowercased().hasSuffix("traceidratio") == true
        let ratio = isRatio ? self.ratio(name + "_ARG") ?? 1 : 1
        return choice(
            name,
            [
                "always_on": .alwaysOn,
                "always_off": .alwaysOff,
                "traceidratio": .traceIDRatio(ratio),
                "parentbased_always_on": .parentBased(root: .alwaysOn),
                "parentbased_always_off": .parentBased(root: .alwaysOff),
                "parentbased_traceidratio": .parentBased(root: .traceIDRatio(ratio)),
            ]
        )
    }
}
