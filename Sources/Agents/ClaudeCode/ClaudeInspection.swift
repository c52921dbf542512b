import Sandbox

/// What one command in the sandbox found out about Claude Code there.
struct ClaudeInspection: Sendable, Equatable {
    /// Whether the executable was found.
    private(set) var isInstalled = false
    /// What it answers to `--version`, its first word; nil if it does not run.
    private(set) var version: String?
    /// Whether somebody logged in inside the sandbox.
    private(set) var hasCredentialsFile = false
    /// Whether the user-level command `/ktask` exists.
    private(set) var hasTaskCommand = false
    /// What in the workspace would configure the agent.
    private(set) var settings: [String] = []
    /// Whether the script ran to its end.
    private(set) var isComplete = false

    /// What `--setting-sources user --strict-mcp-config` leaves unloaded, each tried with version 2.1.330: settings with
    /// their variables and hooks, MCP servers, commands, skills, sub-agents, workflows, rules and memory files.
    static let settingPaths = [
        ".claude/settings.json", ".claude/settings.local.json", ".mcp.json", ".claude/commands", ".claude/skills",
        ".claude/agents", ".claude/workflows", ".claude/rules", "CLAUDE.md", "CLAUDE.local.md", ".claude/CLAUDE.md",
        "AGENTS.md",
    ]

    /// Prints one fact a line.
    ///
    /// `$1` is the executable, the rest are paths to look for.
    static let script = """
        home=${CLAUDE_CONFIG_DIR:-$HOME/.claude}
        agent=$1
        shift
        if command -v "$agent" >/dev/null 2>&1; then
            echo installed
            version=$("$agent" --version 2>/dev/null </dev/null) && printf 'version %s\\n' "$version"
        fi
        [ -s "$home/.credentials.json" ] && echo credentials
        [ -f "$home/commands/ktask.md" ] && echo task-command
        for path in "$@"; do
            [ -e "$path" ] && printf 'setting %s\\n' "$path"
        done
        echo end
        """

    /// The argument vector of the inspection.
    static func arguments(executable: String) -> [String] {
        ["sh", "-c", script, "sh", executable] + settingPaths
    }

    /// Reads what the script printed.
    init(lines: [String]) {
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch (parts.first, parts.dropFirst().first) {
            case ("installed", _): isInstalled = true
            case ("version", let text?): version = text.split(separator: " ").first.map(String.init)
            case ("credentials", _): hasCredentialsFile = true
            case ("task-command", _): hasTaskCommand = true
            case ("setting", let path?): settings.append(path)
            case ("end", _): isComplete = true
            default: break
            }
        }
    }

    /// The description of an agent that can work, or what keeps it from working.
    func description(
        executable: String,
        environment: [String: String],
        sandbox: SandboxKind
    ) throws(AgentError) -> AgentDescription {
        let mending =
            sandbox == .docker
            ? "make sandbox, which builds an image with it" : "put `claude` on your PATH, or use --sandbox docker"
        guard isInstalled else {
            throw AgentError(
                .notInstalled,
                "Claude Code is not in the sandbox: there is no `\(executable)` on its PATH.",
                remedy: mending
            )
        }
        guard let version else {
            throw AgentError(
                .notInstalled,
                "Claude Code is in the sandbox but does not run: `\(executable) --version` fails there.",
                remedy: mending
            )
        }
        let names = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]
        guard hasCredentialsFile || names.contains(where: { environment[$0] != nil }) else {
            throw AgentError(
                .credentialMissing,
                "Claude Code has no credential: neither ANTHROPIC_API_KEY nor CLAUDE_CODE_OAUTH_TOKEN is set.",
                remedy: "export ANTHROPIC_API_KEY=…"
            )
        }
        return AgentDescription(version: version, hasTaskCommand: hasTaskCommand, untrustedSettings: settings)
    }
}
