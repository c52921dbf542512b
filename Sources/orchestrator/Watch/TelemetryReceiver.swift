import GRPCTransport
import Glibc
import OTLPWire
import Synchronization

/// An OTLP receiver that keeps nothing: what arrives is handed on as lines, and counted.
final class TelemetryReceiver: Sendable {
    /// What has arrived so far.
    struct Counts: Sendable, Equatable {
        var spans = 0
        var errors = 0
        var points = 0
        var logs = 0
        var refused = 0
        var services: Set<String> = []
    }

    /// In which form lines are.
    enum Form: Sendable {
        /// For a person; coloured or not, and cut to a width if there is one.
        case text(isColoured: Bool, width: Int?)
        /// OTLP JSON, one request of one resource a line (protocol/file-exporter.md).
        case json
    }

    /// How many names of services are kept for the sum.
    private static let keptServices = 1_000

    private let form: Form
    private let lines: LineQueue
    private let mask: SecretMask
    private let state = Mutex(Counts())

    init(_ form: Form, lines: LineQueue, mask: SecretMask = SecretMask(environment: [:])) {
        self.form = form
        self.lines = lines
        self.mask = mask
    }

    var counts: Counts { state.withLock { $0 } }

    /// Answers one call; called on the server's thread, and never waits.
    func answer(_ request: GRPCServerRequest) -> GRPCServerReply {
        guard let method = ExportMethod(rawValue: request.path) else {
            return refuse(.unimplemented, "\(request.path) is none of OTLP's export methods")
        }
        do {
            switch method {
            case .traces: return take(try ExportTraceRequest.decode(request.message))
            case .metrics: return take(try ExportMetricsRequest.decode(request.message))
            case .logs: return take(try ExportLogsRequest.decode(request.message))
            }
        } catch {
            return refuse(.invalidArgument, "the request for \(method) is malformed: \(error)")
        }
    }

    private func take(_ requests: [some ReceivedRequest]) -> GRPCServerReply {
        var bytes: [UInt8] = []
        for request in requests {
            switch form {
            case .json:
                let json = mask.json(String(decoding: request.json, as: UTF8.self))
                bytes += TerminalText.escapedJSON(json).utf8 + [0x0A]
            case .text(let isColoured, let width):
                for line in request.lines {
                    // A secret that the cut would halve is whole when it is looked for.
                    let line = line.masked(by: mask)
                    let shown = width.map(line.cut(toDisplayWidth:)) ?? line
                    bytes += (isColoured ? shown.coloured : shown.plain).utf8
                    bytes.append(0x0A)
                }
            }
        }
        guard lines.write(bytes) else {
            // A sender tries again after this code, and after no other that fits.
            state.withLock { $0.refused += 1 }
            return .status(GRPCStatus(.unavailable, "what was received before is not read yet"))
        }
        state.withLock { counts in
            for request in requests {
                request.count(in: &counts)
                if counts.services.count < Self.keptServices { counts.services.insert(request.resource.serviceName) }
            }
        }
        return .message(ExportResponse.encoded())
    }

    private func refuse(_ code: GRPCStatusCode, _ reason: String) -> GRPCServerReply {
        state.withLock { $0.refused += 1 }
        let words = TerminalText.singleLine("orchestrator: refused (\(code.name)): \(reason)").cut(toDisplayWidth: 500)
        _ = lines.write(Array((words + "\n").utf8), to: STDERR_FILENO)
        return .status(GRPCStatus(code, reason))
    }
}

/// A request of any signal, with a single resource.
protocol ReceivedRequest: Sendable {
    var resource: Resource { get }
    /// The request as a line of OTLP JSON, without its end.
    var json: [UInt8] { get }
    /// One line for each span, point or log record.
    var lines: [StyledText] { get }

    func count(in counts: inout TelemetryReceiver.Counts)
}

extension Resource {
    /// `service.name`, or `unknown_service`, as the specification has it where nobody says it.
    var serviceName: String {
        let name = attributes.first { $0.key == "service.name" }?.value.text ?? ""
        return name.isEmpty ? "unknown_service" : name
    }
}
