import GRPCTransport

/// Makes the exporters of all signals; those with the same endpoint and settings share one connection.
struct Destinations {
    private(set) var clients: [GRPCClient] = []
    private var endpoints: [Endpoint] = []
    private var writers: [LineWriter.Destination: LineWriter] = [:]

    private let configuration: OTelConfiguration
    private let time: TimeSource
    private let random: RandomSource
    private let policy: RetryPolicy
    private let shutdown: ShutdownState
    private let reporter: DiagnosticReporter

    /// In place of the network.
    private let replacement: OTLPExporter.Send?

    init(
        _ configuration: OTelConfiguration,
        time: TimeSource,
        random: RandomSource,
        policy: RetryPolicy,
        shutdown: ShutdownState,
        reporter: DiagnosticReporter,
        replacement: OTLPExporter.Send?
    ) {
        self.configuration = configuration
        self.time = time
        self.random = random
        self.policy = policy
        self.shutdown = shutdown
        self.reporter = reporter
        self.replacement = replacement
    }

    /// Nil where the signal is sent nowhere; `limit` is the batch's own bound beside the signal's export timeout.
    mutating func exporters(
        of signal: TelemetrySignal,
        _ settings: SignalSettings,
        limit: Duration,
        hasSpool: Bool,
        pressure: QueuePressure? = nil
    ) -> SignalExporters? {
        guard !configuration.disabled else { return nil }
        let budget = min(settings.exportTimeout ?? configuration.exportTimeout, limit)
        // The collector first, wherever it stands in the list.
        let kinds = settings.exporters.filter { $0 == .otlp }.prefix(1) + settings.exporters.filter { $0 != .otlp }
        let deliveries = kinds.map { kind in
            switch kind {
            case .otlp: collector(signal, settings, budget, hasSpool, pressure)
            case .console: lines(.standardOutput, signal, budget)
            case .file(let path): lines(.file(self.path(path, of: signal)), signal, budget)
            }
        }
        return deliveries.first.map { SignalExporters(first: $0, others: Array(deliveries.dropFirst())) }
    }

    // MARK: The collector

    private mutating func collector(
        _ signal: TelemetrySignal,
        _ settings: SignalSettings,
        _ budget: Duration,
        _ hasSpool: Bool,
        _ pressure: QueuePressure?
    ) -> BatchDelivery {
        let endpoint = Endpoint(configuration, settings)
        let exporter = OTLPExporter(
            signal: signal,
            send: send(to: endpoint),
            policy: policy,
            time: time,
            random: random,
            shutdown: shutdown,
            hasSpool: hasSpool,
            pressure: pressure,
            maxRequestBytes: configuration.maxRequestBytes
        )
        return BatchDelivery(
            exporter: exporter,
            budget: budget,
            sizeLimit: RequestSizeLimit(min(configuration.maxBatchBytes, configuration.maxRequestBytes)),
            statistics: ExporterStatistics(
                component: "otlp_grpc_\(signal.componentNoun)_exporter",
                server: endpoint.target.map { (address: $0.host, port: Int($0.port)) },
                isOn: configuration.selfObservability
            ),
            reporter: reporter
        )
    }

    private mutating func send(to endpoint: Endpoint) -> OTLPExporter.Send {
        if let replacement { return replacement }
        if let index = endpoints.firstIndex(of: endpoint) { return Self.send(through: clients[index]) }
        for problem in endpoint.problems { reporter.report(.configuration, problem) }
        guard let client = endpoint.makeClient(configuration) else {
            let problem = endpoint.problems.joined(separator: "; ")
            return { _, _, _ in GRPCResponse(status: GRPCStatus(.unavailable, problem)) }
        }
        endpoints.append(endpoint)
        clients.append(client)
        return Self.send(through: client)
    }

    private static func send(through client: GRPCClient) -> OTLPExporter.Send {
        { path, message, timeout in await client.unary(path: path, message: message, timeout: timeout) }
    }

    // MARK: Lines

    private mutating func lines(
        _ destination: LineWriter.Destination,
        _ signal: TelemetrySignal,
        _ budget: Duration
    ) -> BatchDelivery {
        let writer = writers[destination] ?? LineWriter(destination, time)
        writers[destination] = writer
        var exporter = OTLPExporter(
            signal: signal,
            send: { _, message, timeout in await writer.send(signal, message, timeout) },
            policy: policy,
            time: time,
            random: random,
            shutdown: shutdown,
            hasSpool: false
        )
        exporter.retries = false
        return BatchDelivery(
            exporter: exporter,
            budget: min(budget, .seconds(1)),
            sizeLimit: RequestSizeLimit(.max),
            statistics: ExporterStatistics(
                component: "otlp_json_lines_\(signal.componentNoun)_exporter",
                server: nil,
                isOn: configuration.selfObservability
            ),
            reporter: reporter
        )
    }

    /// One file holds one signal (protocol/file-exporter.md): where several are given the same, each gets its own name.
    private func path(_ path: String, of signal: TelemetrySignal) -> String {
        let users = [configuration.traces, configuration.metrics, configuration.logs].filter {
            $0.exporters.contains(.file(path))
        }
        guard users.count > 1 else { return path }
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "\(path).\(signal.fileNoun)" }
        return path.dropLast(name.count) + name[..<dot] + ".\(signal.fileNoun)" + name[dot...]
    }
}
