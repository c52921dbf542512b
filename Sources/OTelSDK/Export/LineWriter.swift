import GRPCTransport
import OTLPWire
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes requests as OTLP JSON lines to the standard output or to the end of a file (protocol/file-exporter.md).
///
/// Each line is one call to write(2), so that lines of several processes do not mix. Writing happens beside the
/// cooperative pool; one that hangs, as on a pipe that nobody reads, holds up neither the next one nor exit.
final class LineWriter: Sendable {
    enum Destination: Sendable, Hashable {
        case standardOutput
        case file(String)
    }

    private let destination: Destination
    private let time: TimeSource
    private let work = BlockingWork(label: "orchestrator-otel.lines")
    private let isWriting = Atomic(false)
    private let file = Mutex<FileDescriptor?>(nil)

    init(_ destination: Destination, _ time: TimeSource) {
        self.destination = destination
        self.time = time
    }

    deinit { try? file.withLock { $0 }?.close() }

    /// Takes a request as the collector would; what cannot be written is UNAVAILABLE.
    func send(_ signal: TelemetrySignal, _ request: ArraySlice<UInt8>, _ timeout: Duration) async -> GRPCResponse {
        guard !isWriting.exchange(true, ordering: .acquiring) else { return Self.failure("the last write hangs") }
        let problem = await work.run(atMost: timeout, time) { [self] in
            defer { isWriting.store(false, ordering: .releasing) }
            return write(signal, request)
        }
        guard let problem else { return Self.failure("writing took longer than \(timeout)") }
        return problem.map { Self.failure("\(self.name): \($0)") } ?? GRPCResponse(status: .ok, message: [])
    }

    private static func failure(_ text: String) -> GRPCResponse {
        GRPCResponse(status: GRPCStatus(.unavailable, text))
    }

    private var name: String {
        switch destination {
        case .standardOutput: "standard output"
        case .file(let path): path
        }
    }

    /// - Returns: what went wrong.
    private func write(_ signal: TelemetrySignal, _ request: ArraySlice<UInt8>) -> String? {
        do {
            let line = try signal.jsonLine(request)
            let descriptor = try descriptor()
            try Self.withoutPipeSignal { _ = try descriptor.writeAll(line) }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A file is opened at its first line and stays open.
    private func descriptor() throws -> FileDescriptor {
        guard case .file(let path) = destination else { return .standardOutput }
        return try file.withLock { file in
            if let file { return file }
            let opened = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            file = opened
            return opened
        }
    }

    /// A pipe whose reader has gone would end the whole process by SIGPIPE; telemetry must not do that to anybody.
    private static func withoutPipeSignal(_ body: () throws -> Void) throws {
        var pipe = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        do {
            try body()
        } catch let error as Errno where error == .brokenPipe {
            // The signal waits for this thread; taken here, it is gone before it is unblocked.
            var now = timespec()
            if unsafe sigismember(&before, SIGPIPE) == 0 { unsafe sigtimedwait(&pipe, nil, &now) }
            throw error
        }
    }
}

extension TelemetrySignal {
    /// A request as it stands in a file, with its newline.
    fileprivate func jsonLine(_ request: ArraySlice<UInt8>) throws(OTLPWireError) -> [UInt8] {
        let bytes = Array(request)
        let lines: [[UInt8]] =
            switch self {
            case .traces: try ExportTraceRequest.decode(bytes).map(\.json)
            case .metrics: try ExportMetricsRequest.decode(bytes).map(\.json)
            case .logs: try ExportLogsRequest.decode(bytes).map(\.json)
            }
        return lines.reduce(into: []) { all, line in all += line + [0x0A] }
    }
}
