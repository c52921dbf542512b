package import Sandbox

/// Claude Code, driven headlessly: `claude -p --output-format stream-json --verbose`, one process for each session.
///
/// The prompt goes in by standard input, which has no bound worth naming (10 MB) and makes nothing of a leading dash;
/// a slash command at its start is run from there too. Credentials go by environment alone.
package struct ClaudeCode: Agent {
    package let name = "claude-code"
    package let provider = "anthropic"
    package let isReplay = false

    /// The executable's name or path inside the sandbox.
    package let executable: String

    /// What the agent's environment gets beside what we set ourselves: credentials, `ANTHROPIC_BASE_URL` and the like.
    package let environment: [String: String]

    private let transcriptTimeout: Duration = .seconds(3)

    /// - Parameters:
    ///   - executable: The executable's name or path inside the sandbox.
    ///   - credentials: Variables for the agent, such as `ANTHROPIC_API_KEY`, `CLAUDE_CODE_OAUTH_TOKEN`,
    ///     `ANTHROPIC_BASE_URL`; they win over what we set ourselves. Empty values count as absent.
    package init(executable: String = "claude", environment credentials: [String: String]) {
        self.executable = executable
        environment = credentials.filter { !$0.value.isEmpty }
    }

    package func inspect(in sandbox: any Sandbox) async throws -> AgentDescription {
        let output = CapturedLines()
        let arguments = ClaudeInspection.arguments(executable: executable)
        let command = SandboxCommand(arguments, environment: configurationVariable)
        let result = try await sandbox.run(command) { await output.append($0) }
        let inspection = ClaudeInspection(lines: await output.finish())
        guard inspection.isComplete else {
            throw SandboxError(
                .startFailed,
                "The sandbox could not be asked for the agent: its shell ended with code \(result.termination.code).",
                cause: result.standardError
            )
        }
        return try inspection.description(executable: executable, environment: environment, sandbox: sandbox.kind)
    }

    package func run(
        _ request: AgentRequest,
        in sandbox: any Sandbox,
        record: @escaping @Sendable ([UInt8]) async throws -> Void,
        observe: @escaping @Sendable (AgentEvent) async -> Void
    ) async throws -> AgentReport {
        let feed = SessionFeed()
        let result = try await sandbox.run(command(for: request)) { chunk in
            try await record(chunk)
            for event in await feed.append(chunk) { await observe(event) }
        }
        let (events, state) = await feed.finish()
        for event in events { await observe(event) }
        var report = state.report(termination: result.termination, standardError: result.standardError)
        if state.results.isEmpty, state.records > 0 {
            report.add(await recoverUsage(session: request.sessionID, in: sandbox))
        }
        return report
    }

    package func recoverUsage(session: String, in sandbox: any Sandbox) async -> SessionCost? {
        let transcripts = TranscriptReader(environment: configurationVariable, timeout: transcriptTimeout)
        return await transcripts.cost(of: session, in: sandbox)
    }

    /// The one variable that our own looks into the sandbox need: where the agent keeps its things.
    private var configurationVariable: [String: String] {
        environment.filter { $0.key == "CLAUDE_CONFIG_DIR" }
    }
}

extension AgentReport {
    fileprivate mutating func add(_ recovered: SessionCost?) {
        guard let recovered else { return }
        usage = recovered.usage
        costUSD = recovered.costUSD
    }
}
