import Configuration
import Foundation
import Runner
import SystemPackage

/// All settings of a run: flags over the environment over `orchestrator.yaml` over defaults.
struct Settings: Sendable {
    /// Who does the work.
    var agent: AgentChoice
    /// How much faster than recorded a replay is; zero does not wait at all.
    var replaySpeed: Double
    /// Where it is done.
    var sandbox: SandboxChoice
    /// The container's name, for docker.
    var container: String
    /// The workspace as the sandbox takes it: a path inside the container, or one of this machine.
    var workspace: String
    /// The model, or nil for the agent's default.
    var model: String?
    /// The limit of turns.
    var maxTurns: Int
    /// The limit of time.
    var taskTimeout: Duration
    /// The tools that the agent may use unasked.
    var allowedTools: [String]
    /// Whether what the workspace has to configure the agent is loaded; a flag only, so that no file can say so.
    var trustsWorkspace: Bool
    /// The collector, unless OTEL_EXPORTER_OTLP_ENDPOINT names one.
    var otlpEndpoint: String
    /// `service.name`, unless OTEL_SERVICE_NAME names one.
    var serviceName: String
    /// What telemetry may cost at exit.
    var telemetryTimeout: Duration
    /// Where journal, streams and spool lie.
    var stateDirectory: String

    /// Brings the four sources together.
    ///
    /// - Throws: ``SettingsError`` naming the setting, its source and what it takes.
    init(flags: SettingsFlags, environment: [String: String]) async throws {
        let values = try await SettingValues(environment: environment)
        agent =
            try flags.agent ?? values.value("agent", "claude or replay:FILE", AgentChoice.init(argument:)) ?? .claude
        replaySpeed = try flags.replaySpeed ?? values.value("replay_speed", "a number from 0 up", Self.speed) ?? 0
        sandbox =
            try flags.sandbox
            ?? values.value("sandbox", "docker, local or none", SandboxChoice.init(rawValue:)) ?? .docker
        container = flags.container ?? values.text("sandbox_container") ?? "ktrdr-sandbox"
        let workspaceDefault = sandbox == .docker ? "/workspace" : "."
        let workspace = flags.workspace ?? values.text("workspace_path") ?? workspaceDefault
        self.workspace = sandbox == .docker ? workspace : Self.absolute(workspace)
        model = flags.model ?? values.text("model")
        maxTurns = try flags.maxTurns ?? values.value("max_turns", "a whole number from 1 up", Self.positive) ?? 50
        let timeout = try values.time("task_timeout") ?? values.time("task_timeout_seconds")
        taskTimeout = flags.timeout?.duration ?? timeout ?? .seconds(600)
        allowedTools = values.list("allowed_tools") ?? ["Bash", "Read", "Write", "Edit", "Glob", "Grep"]
        trustsWorkspace = flags.trustWorkspace
        let endpoint = environment["OTLP_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        otlpEndpoint = endpoint ?? values.text("otlp_endpoint") ?? "http://localhost:4317"
        serviceName = values.text("service_name") ?? "orchestrator"
        telemetryTimeout = try values.time("telemetry_timeout") ?? .seconds(2)
        let directory = values.text("state_dir") ?? "state"
        stateDirectory = Self.absolute(directory)
    }

    /// What the runner needs of them.
    func taskOptions(guidance: String?) -> TaskOptions {
        TaskOptions(
            guidance: guidance,
            model: model,
            maxTurns: maxTurns,
            timeLimit: taskTimeout,
            allowedTools: allowedTools,
            trustsWorkspace: trustsWorkspace
        )
    }

    /// A path as it is from everywhere, without `.` and `..`.
    private static func absolute(_ path: String) -> String {
        FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(path)).lexicallyNormalized().string
    }

    private static func speed(_ text: String) -> Double? {
        Double(text).flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func positive(_ text: String) -> Int? {
        Int(text).flatMap { $0 > 0 ? $0 : nil }
    }
}
