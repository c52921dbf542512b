import ArgumentParser

/// The flags that say what the trace shows of the agent's session.
struct TraceFlags: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: """
            Put prompts, the agent's texts, and the arguments and results of its tools into the spans, redacted and cut \
            (default: --no-capture-content).
            """
    )
    var captureContent: Bool?

    @Option(help: "How many characters of each of them are captured, 1 to 100000 (default: 4000).")
    var contentLimit: Int?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Make a span of each of the agent's responses and tool calls; without, only the agent's own telemetry has them \
            (default: --session-spans).
            """
    )
    var sessionSpans: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Have the agent send telemetry of its own (spans, metrics, events) to the collector; its spans join the trace \
            (default: --no-agent-telemetry).
            """
    )
    var agentTelemetry: Bool?

    @Option(
        help: """
            The collector as the agent reaches it from inside the sandbox (default: the program's own; in a container with \
            a network of its own, host.docker.internal in place of this machine's loopback).
            """
    )
    var agentOtlpEndpoint: String?

    func validate() throws {
        if let contentLimit, !TraceSettings.contentLimits.contains(contentLimit) {
            throw ValidationError("--content-limit takes a whole number from 1 to 100000.")
        }
        if let agentOtlpEndpoint, !TraceSettings.isEndpoint(agentOtlpEndpoint) {
            throw ValidationError("--agent-otlp-endpoint takes a URL such as http://host.docker.internal:4317.")
        }
    }
}
