package import FoundationEssentials
package import Sandbox

/// Claude Code, driven headlessly: `claude -p --output-format stream-json --verbose`, one process for each invocation.
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

    private let transcriptTimeout: Duration = .seconds(5)

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
        let feed = SessionFeed(earlierUsage: request.earlierUsage)
        // All that a new session's transcript tells is this invocation's.
        let start = request.continuesSession ? Date() : nil
        let result = try await sandbox.run(command(for: request)) { chunk in
            try await Self.pass(on: await feed.append(chunk), record, observe)
        }
        let (reading, state) = await feed.finish()
        try await Self.pass(on: reading, record, observe)
        var report = state.report(termination: result.termination, standardError: result.standardError)
        if report.hasBegun, state.lastResult == nil || report.isCostEstimated {
            let earlier = request.earlierUsage
            let recovered = await recoverUsage(
                session: request.sessionID,
                since: start,
                earlierUsage: earlier,
                in: sandbox
            )
            report.take(recovered)
        }
        return report
    }

    private static func pass(
        on reading: SessionReader.Reading,
        _ record: @Sendable ([UInt8]) async throws -> Void,
        _ observe: @Sendable (AgentEvent) async -> Void
    ) async throws {
        if !reading.kept.isEmpty { try await record(reading.kept) }
        for event in reading.events { await observe(event) }
    }

    package func recoverUsage(
        session: String,
        since: Date?,
        earlierUsage: [ModelUsage],
        in sandbox: any Sandbox
    ) async -> RecoveredUsage? {
        let reader = TranscriptReader(environment: configurationVariable, timeout: transcriptTimeout)
        return await reader.transcript(of: session, since: since, in: sandbox)?.usage(beyond: earlierUsage)
    }

    /// The one variable that our own looks into the sandbox need: where the agent keeps its things.
    private var configurationVariable: [String: String] {
        environment.filter { $0.key == "CLAUDE_CONFIG_DIR" }
    }
}

extension AgentReport {
    /// Takes in what the transcript tells, unless the stream tells more.
    ///
    /// The agent's own count always wins; of two estimates the larger one, for each may have missed something.
    fileprivate mutating func take(_ recovered: RecoveredUsage?) {
        guard let recovered, !recovered.isEstimated || recovered.costUSD > costUSD ?? 0 else { return }
        usage = recovered.usage
        costUSD = recovered.costUSD
        isCostEstimated = recovered.isEstimated
        sessionUsage = recovered.sessionUsage ?? sessionUsage
    }
}
