import Sandbox

extension ClaudeCode {
    /// What we set in the agent's environment unless the user sets it otherwise.
    ///
    /// A background task would keep `claude -p` alive after its last words; updates and reports have no place in a
    /// sandbox.
    static let fixedEnvironment = [
        "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    ]

    /// What switches the agent's own telemetry on, content excepted, which we could not redact.
    ///
    /// Counters are cumulative, as a collector in front of Prometheus needs them; spans want a beta switch; commands that the
    /// agent runs get the span of their tool call as TRACEPARENT.
    static func telemetry(to endpoint: String) -> [String: String] {
        [
            "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
            "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
            "CLAUDE_CODE_PROPAGATE_TRACEPARENT": "1",
            "OTEL_METRICS_EXPORTER": "otlp",
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "cumulative",
        ]
    }

    /// The command that runs one session.
    func command(for request: AgentRequest) -> SandboxCommand {
        SandboxCommand(
            arguments(for: request),
            environment: Self.fixedEnvironment
                .merging(request.environment) { _, new in new }
                .merging(request.telemetryEndpoint.map(Self.telemetry) ?? [:]) { _, new in new }
                .merging(environment) { _, new in new },
            standardInput: Array(Self.stripped(request.prompt).utf8),
            attempt: request.attempt,
            isSupervised: true
        )
    }

    private func arguments(for request: AgentRequest) -> [String] {
        var arguments = [
            executable, "-p", "--output-format", "stream-json", "--verbose", "--include-partial-messages",
            "--permission-mode", "acceptEdits",
            // Zero or less would mean no limit.
            "--max-turns", String(max(1, request.maxTurns)),
            request.continuesSession ? "--resume=\(request.sessionID)" : "--session-id=\(request.sessionID)",
        ]
        if let cost = request.maxCostUSD, cost.isFinite {
            // Zero is refused. The agent counts this invocation only, also in a session that is gone on with.
            arguments.append("--max-budget-usd=\(max(cost, 0.000_1))")
        }
        if !request.allowedTools.isEmpty {
            arguments.append("--allowedTools=\(request.allowedTools.joined(separator: ","))")
        }
        if let model = request.model {
            arguments.append("--model=\(model)")
        }
        if !request.trustWorkspace {
            // The workspace's settings could send the key to another server, run hooks and start MCP servers.
            arguments += ["--setting-sources", "user", "--strict-mcp-config"]
        }
        return arguments
    }

    /// The prompt with nothing before its first character: a slash command runs only from the very first one.
    private static func stripped(_ prompt: String) -> Substring {
        prompt.drop(while: \.isWhitespace)
    }
}
