import ArgumentParser
import Foundation
import GRPCTransport
import Glibc
import Runner

/// `orchestrator watch`: prints the telemetry that others send, as it arrives.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Receive OTLP and print spans, metrics and logs as they arrive, without a collector.",
        discussion: """
            Takes OTLP over gRPC, also compressed, from any number of senders at once, and keeps nothing. One line an item:
            time, service, signal, name, length of time or value, then attributes; ✘ marks errors. Attributes that a
            sender copies on everything (session.id, user.*, host.*, …) are left out of the text, not of the JSON. On a
            terminal lines are cut to its width. Ctrl-C ends it, and tells the sum.

            Examples:
              orchestrator watch
              orchestrator watch --json | jq -c '.resourceSpans[]?.scopeSpans[].spans[].name'
              orchestrator watch --listen 127.0.0.1:0
              CLAUDE_CODE_ENABLE_TELEMETRY=1 OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp \\
                OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317 claude
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 4317)

    @Flag(help: "Print OTLP JSON lines instead of text.")
    var json = false

    @Flag(help: "Do not cut lines to the terminal's width.")
    var wide = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let stops = await StopSignals.stream()
            let (ends, end) = AsyncStream<Void>.makeStream()
            let lines = LineQueue { end.finish() }
            let mask = SecretMask(environment: environment)
            let receiver = TelemetryReceiver(form(environment), lines: lines, mask: mask)
            let server = try start(receiver)
            let address = ListenAddress(host: listen.host, port: server.port)
            Self.tell("orchestrator: listening on \(address.url) (OTLP over gRPC); Ctrl-C ends.")
            if address.isOpen {
                Self.tell("orchestrator: other machines can send to it too; what they send is printed as it comes.")
            }
            let isAsked = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    for await _ in stops { return true }
                    return false
                }
                group.addTask {
                    for await _ in ends {}
                    return false
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
            server.stop()
            lines.drain(atMost: 2)
            // Nobody is there any more to be told anything, as after `| head`.
            if isAsked { Self.tell("orchestrator: " + receiver.counts.words) }
            return .completed
        }
    }

    private func form(_ environment: [String: String]) -> TelemetryReceiver.Form {
        if json { return .json }
        let isCut = isatty(STDOUT_FILENO) == 1 && !wide
        return .text(
            isColoured: Console(environment: environment).isColoured,
            width: isCut ? TerminalWidth.columns(environment: environment) : nil
        )
    }

    private func start(_ receiver: TelemetryReceiver) throws -> GRPCServer {
        do throws(GRPCConfigurationError) {
            return try GRPCServer.start(host: listen.host, port: listen.port) { receiver.answer($0) }
        } catch {
            throw PreparationError(
                exitCode: .unavailable,
                message: error.message.capitalizedFirst + ".",
                remedy:
                    "--listen 127.0.0.1:0 takes a free port; ss -ltnp 'sport = :\(listen.port)' shows who has this one"
            )
        }
    }

    /// On standard error, since standard output has nothing but what was received.
    private static func tell(_ words: String) { Console.writeAll(words + "\n", to: STDERR_FILENO) }
}

extension TelemetryReceiver.Counts {
    /// The sum, for a person.
    var words: String {
        let failed = errors > 0 ? " (\(Console.counted(errors, "error")))" : ""
        let items = [
            Console.counted(spans, "span") + failed, Console.counted(points, "metric point"),
            Console.counted(logs, "log record"),
        ]
        let senders = services.isEmpty ? "" : " from " + Console.counted(services.count, "service")
        let refusals = refused > 0 ? "; \(Console.counted(refused, "request")) refused" : ""
        return "received " + items.joined(separator: ", ") + senders + refusals + "."
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
