import Foundation
import Runner
import Sandbox

/// What the trace shows of the agent's session.
struct TraceSettings: Sendable, Equatable {
    /// How many characters of each content are captured; nil captures none.
    var contentLimit: Int?
    /// Whether responses and tool calls have spans made from the agent's stream.
    var hasSessionSpans: Bool
    /// Whether the agent sends telemetry of its own.
    var hasAgentTelemetry: Bool
    /// Where the agent sends it; nil derives it from the program's own endpoint.
    var agentEndpoint: String?

    static let contentLimits = 1...100_000
    private static let defaultContentLimit = 4000
    /// What other instrumentations of the GenAI conventions heed, too.
    private static let captureVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"

    init(flags: TraceFlags, values: SettingValues, environment: [String: String]) throws {
        let isStandardSwitchOn = environment[Self.captureVariable]?.lowercased() == "true"
        let captures = try flags.captureContent ?? values.flag("capture_content") ?? isStandardSwitchOn
        let limit = try flags.contentLimit ?? values.value("content_limit", "1 to 100000", Self.limit)
        contentLimit = captures ? limit ?? Self.defaultContentLimit : nil
        hasSessionSpans = try flags.sessionSpans ?? values.flag("session_spans") ?? true
        hasAgentTelemetry = try flags.agentTelemetry ?? values.flag("agent_telemetry") ?? false
        let expected = "a URL such as http://host.docker.internal:4317"
        agentEndpoint =
            try flags.agentOtlpEndpoint
            ?? values.value("agent_otlp_endpoint", expected) { Self.isEndpoint($0) ? $0 : nil }
    }

    static func isEndpoint(_ text: String) -> Bool {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty else { return false }
        return url.scheme == "http" || url.scheme == "https"
    }

    private static func limit(_ text: String) -> Int? {
        Int(text).flatMap { contentLimits.contains($0) ? $0 : nil }
    }

    /// What the runner needs to know.
    ///
    /// - Parameters:
    ///   - sandbox: Where the agent runs.
    ///   - endpoint: Where the program's own telemetry goes.
    ///   - environment: The program's environment, of which OTEL_RESOURCE_ATTRIBUTES is handed on.
    /// - Returns: It.
    func sessionTracing(
        in sandbox: SandboxDescription,
        endpoint: String,
        environment: [String: String]
    ) -> SessionTracing {
        SessionTracing(
            hasOperationSpans: hasSessionSpans,
            contentLimit: contentLimit,
            conventions: GenAIConventions(environment: environment),
            agentEndpoint: hasAgentTelemetry ? agentEndpoint ?? Self.endpoint(endpoint, from: sandbox) : nil,
            resourceAttributes: environment["OTEL_RESOURCE_ATTRIBUTES"] ?? ""
        )
    }

    /// What of the program's own exporter the agent does not get: what the sandbox sees, its commands can read.
    ///
    /// - Parameter environment: The program's environment.
    /// - Returns: Sentences for a person; none if nothing is kept back.
    func warnings(environment: [String: String]) -> [String] {
        guard hasAgentTelemetry else { return [] }
        let names = environment.keys.filter { name in
            name.hasPrefix("OTEL_EXPORTER_OTLP_")
                && ["HEADERS", "CERTIFICATE", "CLIENT_KEY"].contains { name.hasSuffix("_" + $0) }
        }
        guard !names.isEmpty else { return [] }
        return ["The agent's own telemetry goes without \(names.sorted().joined(separator: ", ")): it could read them."]
    }

    /// The collector's address as a process in the sandbox reaches it.
    static func endpoint(_ endpoint: String, from sandbox: SandboxDescription) -> String {
        guard sandbox.kind == .docker, !sandbox.sharesHostNetwork, var url = URLComponents(string: endpoint),
            let host = url.host, ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
        else { return endpoint }
        url.host = "host.docker.internal"
        return url.string ?? endpoint
    }
}
