/// One undelivered request, encoded as it would have been sent.
struct SpoolRecord: Sendable, Equatable {
    var signal: TelemetrySignal

    /// Spans or log records in the request.
    var items: Int
    var request: ArraySlice<UInt8>

    init(signal: TelemetrySignal, items: Int, request: ArraySlice<UInt8>) {
        self.signal = signal
        self.items = items
        self.request = request
    }

    init(signal: TelemetrySignal, items: Int, request: [UInt8]) {
        self.init(signal: signal, items: items, request: request[...])
    }
}

/// Counts of items, by signal.
struct SpoolItems: Sendable, Equatable {
    var spans = 0
    var metrics = 0
    var logRecords = 0

    var total: Int { spans + metrics + logRecords }

    mutating func add(_ count: Int, of signal: TelemetrySignal) {
        switch signal {
        case .traces: spans += count
        case .metrics: metrics += count
        case .logs: logRecords += count
        }
    }
}
