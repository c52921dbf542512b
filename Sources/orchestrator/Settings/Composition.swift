import Agents
import Sandbox

/// The composition root: settings become the parts that the runner is handed.
extension Settings {
    func makeSandbox(environment: [String: String]) -> any Sandbox {
        switch sandbox {
        case .docker:
            DockerSandbox(container: container, workspace: workspace, environment: environment)
        case .local:
            LocalSandbox(
                workspaceOnHost: workspace,
                homeOnHost: stateDirectory + "/home",
                readOnlyPaths: hostAgent(environment).flatMap { $0.isVisibleInside ? nil : [$0.path] } ?? [],
                environment: environment
            )
        case .none:
            BareSandbox(workspace: workspace, environment: environment)
        }
    }

    func makeAgent(environment: [String: String]) -> any Agent {
        switch agent {
        case .claude:
            ClaudeCode(
                executable: hostAgent(environment)?.path ?? "claude",
                environment: environment.filter { Self.agentVariables.contains($0.key) }
            )
        case .replay(let recording):
            ReplayAgent(recording: recording, pace: replaySpeed == 0 ? .instant : .scaled(1 / replaySpeed))
        }
    }

    /// The machine's own Claude Code, which the local sandbox shows read-only wherever it lies; nil in other sandboxes.
    private func hostAgent(_ environment: [String: String]) -> HostExecutable? {
        guard sandbox == .local, agent == .claude else { return nil }
        return HostExecutable("claude", environment: environment)
    }

    /// The variables of ours that the agent gets: its credential, its endpoint, and how long it tries.
    private static let agentVariables: Set<String> = [
        "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_CUSTOM_HEADERS",
        "ANTHROPIC_MODEL", "ANTHROPIC_SMALL_FAST_MODEL", "API_TIMEOUT_MS", "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
        "CLAUDE_CODE_MAX_RETRIES", "CLAUDE_CODE_OAUTH_TOKEN", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY",
    ]
}
