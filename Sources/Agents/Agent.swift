package import FoundationEssentials
package import Sandbox

/// A coding agent that can be run headlessly in a sandbox: the real one, or a recording of it.
package protocol Agent: Sendable {
    /// The agent's name in telemetry (`gen_ai.agent.name`), such as `claude-code`.
    var name: String { get }

    /// Who serves the model (`gen_ai.provider.name`), such as `anthropic`.
    var provider: String { get }

    /// Whether this is a replay, whose tokens and cost were spent once already and must not be counted again.
    var isReplay: Bool { get }

    /// Looks whether the agent can work in this sandbox, before any money is spent.
    ///
    /// - Throws: ``AgentError`` when the agent is not installed, a credential is missing, or a recording is unreadable;
    ///   `SandboxError` when the sandbox cannot be asked.
    func inspect(in sandbox: any Sandbox) async throws -> AgentDescription

    /// Runs one session to its end, however it ends.
    ///
    /// An agent that fails, is stopped or breaks off is a report with its ``AgentReport/ending``, not an error.
    ///
    /// - Parameters:
    ///   - request: What to do, and under which limits.
    ///   - sandbox: Where the agent and the commands that it runs live.
    ///   - record: Called in order with the raw bytes of the stream as they come, to be kept for a replay.
    ///   - observe: Called in order with each event as it is understood.
    /// - Returns: What is known of the session after its end.
    /// - Throws: `SandboxError` if the agent could not be started at all, what `record` throws, and
    ///   `CancellationError`.
    func run(
        _ request: AgentRequest,
        in sandbox: any Sandbox,
        record: @escaping @Sendable ([UInt8]) async throws -> Void,
        observe: @escaping @Sendable (AgentEvent) async -> Void
    ) async throws -> AgentReport

    /// What an invocation used that ended without a report, or nil if nothing tells it; bounded to a few seconds.
    ///
    /// ``run(_:in:record:observe:)`` asks by itself where it returns; this is for a caller that had to cancel it, or that
    /// finds an attempt whose runner was killed.
    ///
    /// - Parameters:
    ///   - session: The session's id.
    ///   - since: When the invocation began, or nil if it is the session's first.
    ///   - earlierUsage: What the session had used before, see ``AgentRequest/earlierUsage``.
    ///   - sandbox: Where the session's transcript lies.
    /// - Returns: What it used beyond that, or nil.
    func recoverUsage(
        session: String,
        since: Date?,
        earlierUsage: [ModelUsage],
        in sandbox: any Sandbox
    ) async -> RecoveredUsage?
}

extension Agent {
    package func recoverUsage(
        session: String,
        since: Date?,
        earlierUsage: [ModelUsage],
        in sandbox: any Sandbox
    ) async -> RecoveredUsage? {
        nil
    }
}

/// What is known of an agent before it runs.
package struct AgentDescription: Sendable, Equatable {
    /// The agent's version, such as `2.1.330`, if it could be told.
    package var version: String?
    /// Whether the user-level command `/ktask` exists in the sandbox.
    package var hasTaskCommand: Bool
    /// What in the workspace would configure the agent and is not loaded unless the workspace is trusted, as paths
    /// relative to the workspace (`.claude/settings.json`, `.mcp.json`, …).
    package var untrustedSettings: [String]

    package init(version: String? = nil, hasTaskCommand: Bool = false, untrustedSettings: [String] = []) {
        self.version = version
        self.hasTaskCommand = hasTaskCommand
        self.untrustedSettings = untrustedSettings
    }
}
