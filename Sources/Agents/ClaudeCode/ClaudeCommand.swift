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

    /// The command that runs one session.
    func command(for request: AgentRequest) -> SandboxCommand {
        SandboxCommand(
            arguments(for: request),
            environment: Self.fixedEnvironment
                .merging(request.environment) { _, new in new }
                .merging(environment) { _, new in new },
            standardInput: Array(Self.stripped(request.prompt).utf8),
            attempt: request.attempt
        )
    }

    private func arguments(for request: AgentRequest) -> [String] {
        var arguments = [
            executable, "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits",
            // Zero or less would mean no limit.
            "--max-turns", String(max(1, request.maxTurns)),
            "--session-id=\(request.sessionID)",
        ]
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
