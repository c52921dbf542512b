import GRPCTransport
import OTLPWire
import Synchronization

@testable import OTelSDK

/// A collector without a network: keeps what it is sent and answers by a script.
final class FakeCollector: Sendable {
    private let received = Mutex<[(path: String, message: [UInt8])]>([])
    private let taken = Mutex(0)
    private let answer: @Sendable (_ number: Int, _ path: String) async -> GRPCResponse

    /// - Parameter answer: gets the number of the request, from 1.
    init(_ answer: @escaping @Sendable (_ number: Int, _ path: String) async -> GRPCResponse = { _, _ in .taken }) {
        self.answer = answer
    }

    /// Gives every request the same status.
    convenience init(_ code: GRPCStatusCode, _ message: String = "") {
        self.init { _, _ in GRPCResponse(status: GRPCStatus(code, message)) }
    }

    var send: OTLPExporter.Send {
        { [self] path, message, _ in
            let number = received.withLock { received in
                received.append((path, Array(message)))
                return received.count
            }
            let response = await answer(number, path)
            if response.status.isOK, path == TelemetrySignal.traces.exportPath {
                let spans = (try? ExportTraceRequest.decode(Array(message)))?.flatMap(\.scopes).flatMap(\.spans)
                taken.withLock { $0 += spans?.count ?? 0 }
            }
            return response
        }
    }

    /// Spans in requests that were answered with OK.
    var takenSpans: Int { taken.withLock { $0 } }

    var requestCount: Int { received.withLock { $0.count } }

    /// All spans, in the order of their arrival.
    var spans: [SpanRecord] {
        get throws {
            try requests(.traces).flatMap { try ExportTraceRequest.decode($0) }.flatMap(\.scopes).flatMap(\.spans)
        }
    }

    /// All log records by scope, in the order of their arrival.
    var logs: [ScopedLogs] {
        get throws { try requests(.logs).flatMap { try ExportLogsRequest.decode($0) }.flatMap(\.scopes) }
    }

    /// All metrics, in the order of their arrival.
    var metrics: [MetricRecord] {
        get throws {
            try requests(.metrics).flatMap { try ExportMetricsRequest.decode($0) }.flatMap(\.scopes).flatMap(\.metrics)
        }
    }

    func requests(_ signal: TelemetrySignal) -> [[UInt8]] {
        received.withLock { $0 }.filter { $0.path == signal.exportPath }.map(\.message)
    }
}

extension GRPCResponse {
    static let taken = GRPCResponse(status: .ok, message: [])
}

/// Keeps what the SDK says.
final class DiagnosticLog: Sendable {
    private let lines = Mutex<[OTelDiagnostic]>([])

    var all: [OTelDiagnostic] { lines.withLock { $0 } }

    func has(_ kind: OTelDiagnostic.Kind) -> Bool { all.contains { $0.kind == kind } }

    func note(_ line: OTelDiagnostic) {
        lines.withLock { $0.append(line) }
    }
}
