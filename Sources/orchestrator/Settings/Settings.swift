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
    /// What bounds an attempt.
    var limits: LimitSettings
    /// How often the agent is resumed with what contradicts its claim.
    var fixRounds: Int
    /// The limit of time of each check.
    var checkTimeout: Duration
    /// Who is asked, and who is told.
    var outcome: OutcomeSettings
    /// What the trace shows of the agent's session.
    var trace: TraceSettings
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
    /// Where traces are looked at, without a slash at the end.
    var jaegerURL: JaegerURL
    /// Where journal, streams and spool lie.
    var stateDirectory: String

    /// Brings the four sources together.
    ///
    /// - Throws: ``SettingsError`` naming the setting, its source and what it takes.
    init(flags: SettingsFlags, environment: [String: String]) async throws {
        let values = try await SettingValues(environment: environment)
        agent =
            try flags.agent.agent ?? values.value("agent", "claude or replay:FILE", AgentChoice.init(argument:))
            ?? .claude
        replaySpeed = try flags.agent.replaySpeed ?? values.value("replay_speed", "a number from 0 up", Self.speed) ?? 0
        sandbox =
            try flags.place.sandbox
            ?? values.value("sandbox", "docker, local or none", SandboxChoice.init(rawValue:)) ?? .docker
        container = flags.place.container ?? values.text("sandbox_container") ?? "ktrdr-sandbox"
        let workspaceDefault = sandbox == .docker ? "/workspace" : "."
        let workspace = flags.place.workspace ?? values.text("workspace_path") ?? workspaceDefault
        self.workspace = sandbox == .docker ? workspace : Self.absolute(workspace)
        model = flags.agent.model ?? values.text("model")
        limits = try LimitSettings(flags: flags.limits, values: values)
        fixRounds = try flags.fix.fix ?? values.value("fix", "0 to 10", LimitSettings.fewTimes(_:)) ?? 0
        checkTimeout = try flags.checks.checkTimeout?.duration ?? values.time("check_timeout") ?? .seconds(300)
        outcome = try OutcomeSettings(flags: flags.outcome, values: values)
        trace = try TraceSettings(flags: flags.trace, values: values, environment: environment)
        allowedTools = values.list("allowed_tools") ?? ["Bash", "Read", "Write", "Edit", "Glob", "Grep"]
        trustsWorkspace = flags.agent.trustWorkspace
        let endpoint = environment["OTLP_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        otlpEndpoint = endpoint ?? values.text("otlp_endpoint") ?? "http://localhost:4317"
        serviceName = values.text("service_name") ?? "orchestrator"
        telemetryTimeout = try values.time("telemetry_timeout") ?? .seconds(2)
        jaegerURL = try values.value("jaeger_url", "http://… or https://…", JaegerURL.init(_:)) ?? .standard
        let directory = values.text("state_dir") ?? "state"
        stateDirectory = Self.absolute(directory)
    }

    /// What the runner needs of them.
    func taskOptions(guidance: String?) -> TaskOptions {
        TaskOptions(
            guidance: guidance,
            model: model,
            allowedTools: allowedTools,
            trustsWorkspace: trustsWorkspace,
            limits: AttemptLimits(
                time: limits.taskTimeout,
                idle: limits.idleTimeout,
                turns: limits.maxTurns,
                tokens: limits.maxTokens,
                costUSD: limits.maxCostUSD,
                costPerDayUSD: limits.maxCostPerDayUSD
            ),
            retries: limits.retries,
            fixes: fixRounds,
            checkTimeLimit: checkTimeout,
            waitsForUsageLimit: limits.waitsForReset,
            excludedPaths: excludedPaths
        )
    }

    /// The state directory, if it lies in the workspace: what we write there is not the agent's work.
    private var excludedPaths: [String] {
        let prefix = workspace.hasSuffix("/") ? workspace : workspace + "/"
        guard sandbox != .docker, stateDirectory.hasPrefix(prefix) else { return [] }
        return [String(stateDirectory.dropFirst(prefix.count))]
    }

    /// A path as it is from everywhere, without `.` and `..`.
    private static func absolute(_ path: String) -> String {
        FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(path)).lexicallyNormalized().string
    }

    private static func speed(_ text: String) -> Double? {
        Double(text).flatMap { $0 >= 0 ? $0 : nil }
    }
}
