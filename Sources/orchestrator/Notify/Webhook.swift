import Foundation
import Sandbox
import SystemPackage

/// A URL that results are posted to, by `curl`: a client of HTTP that knows the machine's proxies and certificates.
///
/// The URL may be secret, so it is on no command line and in no message; a message names its host.
struct Webhook: Sendable {
    /// What came of one try.
    private enum Answer {
        case taken
        /// It failed, and why; another try may do better.
        case failed(String, passes: Bool)
    }

    private let url: String
    private let host: String
    private let curl: String
    private let environment: [String: String]
    private let limit: Duration

    /// How long it waits before its second and last try.
    private static let pause = Duration.milliseconds(500)

    /// - Parameters:
    ///   - url: The URL, as ``NotifyURL`` takes it.
    ///   - environment: What `curl` gets; it is looked for in its `PATH`.
    ///   - limit: How long a try may take.
    /// - Throws: `SettingsError` if there is no `curl`.
    init(url: String, environment: [String: String], limit: Duration) throws {
        guard let curl = HostExecutable.find("curl", in: environment) else {
            throw SettingsError(
                "A notify URL is set, and curl, which posts to it, is not on PATH.",
                remedy: "install curl, or give --notify-url none"
            )
        }
        self.url = url
        host = URLComponents(string: url)?.host ?? "the notify URL"
        self.curl = curl
        self.environment = environment
        self.limit = limit
    }

    /// Posts a result; once more after a connection that failed, or an answer from 500 on.
    ///
    /// A receiver that breaks off after it has read may therefore get it twice; run and attempt tell.
    ///
    /// - Returns: What failed, in a line; nil if nothing did.
    func post(_ body: [UInt8]) async -> String? {
        do {
            let file = try PrivateFile()
            defer { file.remove() }
            try file.descriptor.writeAll(body)
            return await post(file)
        } catch {
            return "The result was not posted to \(host): no file for it: \(error.systemReason)"
        }
    }

    private func post(_ file: PrivateFile) async -> String? {
        switch await send(file) {
        case .taken: return nil
        case .failed(let reason, passes: false): return "The result was not posted to \(host): \(reason)."
        case .failed(_, passes: true): try? await Task.sleep(for: Self.pause)
        }
        guard case .failed(let reason, _) = await send(file) else { return nil }
        return "The result was not posted to \(host), in two tries: \(reason)."
    }

    private func send(_ body: PrivateFile) async -> Answer {
        let command = HostCommand(
            executable: curl,
            // The user's own ~/.curlrc is not for this.
            arguments: ["--disable", "--config", "-"],
            environment: environment,
            input: Array(configuration(body).utf8)
        )
        do {
            // It keeps the bound itself, and then says so.
            let ending = try await command.run(within: limit + .seconds(2))
            guard ending.code == 0 else { return failure(ofCurl: ending.code) }
            switch Int(ending.text) ?? 0 {
            case 200..<300: return .taken
            case let status: return .failed("it answered \(status)", passes: status >= 500)
            }
        } catch HostCommand.Failure.tookTooLong {
            return failure(ofCurl: Self.timedOut)
        } catch {
            return .failed("curl could not be run: \(error)", passes: false)
        }
    }

    /// What `curl` reads from standard input (curl(1), `--config`).
    private func configuration(_ body: PrivateFile) -> String {
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        return """
            url = "\(url)"
            data-binary = "@\(body.path)"
            header = "Content-Type: application/json"
            header = "Expect:"
            user-agent = "orchestrator/\(Orchestrator.version)"
            proto = "=http,https"
            max-time = \(seconds)
            write-out = "%{http_code}"
            output = "/dev/null"
            globoff
            silent

            """
    }

    private static let timedOut: Int32 = 28

    /// What an exit code of `curl` means (curl(1), EXIT CODES).
    private func failure(ofCurl code: Int32) -> Answer {
        switch code {
        case 5: .failed("its proxy is not known", passes: true)
        case 6: .failed("its name is not known", passes: true)
        case 7: .failed("it refuses the connection", passes: true)
        case Self.timedOut: .failed("it did not answer within \(limit.components.seconds) s", passes: false)
        case 35: .failed("no TLS connection came about", passes: true)
        case 52, 55, 56: .failed("the connection broke", passes: true)
        case 51, 60: .failed("its certificate is not to be trusted", passes: false)
        default: .failed("curl failed with exit code \(code)", passes: false)
        }
    }
}
