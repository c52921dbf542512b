import OTLPWire
import SystemPackage

/// What a process that was killed left in its file, as requests.
struct DeadRecords {
    let process: Int32

    /// Empty where all had been delivered or spooled.
    let requests: [SpoolRecord]

    /// Reads a file whose lock the caller holds; nil where it is no file of records.
    ///
    /// The bytes are copied first: to read a mapped file that somebody cuts meanwhile would kill us.
    init?(_ file: FileDescriptor, lastChange: UInt64, maximumRequest: Int) throws(Errno) {
        guard let (header, regions) = try LiveFileHeader.read(file) else { return nil }
        process = header.process
        guard let first = regions.first?.lowerBound, let end = regions.last?.upperBound else {
            requests = []
            return
        }
        let bytes = try SpoolDirectory.read(file, at: first, count: end - first)
        let groups = unsafe bytes.withUnsafeBytes { bytes in
            let memory = unsafe regions.filter { $0.upperBound - first <= bytes.count }.map { region in
                unsafe UnsafeRawBufferPointer(rebasing: bytes[region.lowerBound - first..<region.upperBound - first])
            }
            return unsafe RecordRecovery.read(memory, lastChange: lastChange)
        }
        requests =
            Self.requests(
                .traces,
                EncodedItems(
                    resource: header.resource,
                    spans: groups.filter { !$0.spans.isEmpty }.map { ScopedSpans(scope: $0.scope, spans: $0.spans) }
                ),
                maximumRequest
            )
            + Self.requests(
                .logs,
                EncodedItems(
                    resource: header.resource,
                    logs: groups.filter { !$0.logs.isEmpty }.map { ScopedLogs(scope: $0.scope, records: $0.logs) }
                ),
                maximumRequest
            )
    }

    private static func requests(
        _ signal: TelemetrySignal,
        _ items: EncodedItems,
        _ maximumRequest: Int
    ) -> [SpoolRecord] {
        guard items.count > 0 else { return [] }
        return items.split(maximumBytes: maximumRequest).map { range in
            SpoolRecord(signal: signal, items: range.count, request: items.request(range))
        }
    }
}
