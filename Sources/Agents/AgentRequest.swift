/// One piece of work for an agent.
package struct AgentRequest: Sendable {
    /// What the agent is told, any size up to 10 MB; starts with `/ktask` where that command is to run.
    package var prompt: String
    /// The model to ask for, or nil for the agent's own default.
    package var model: String?
    /// After how many turns the agent must stop by itself.
    package var maxTurns: Int
    /// The tools that the agent may use without being asked.
    package var allowedTools: [String]
    /// The session's id, a lowercase UUID that we choose, so that its transcript can be found after a kill.
    package var sessionID: String
    /// Whether the session exists already and is gone on with.
    package var continuesSession: Bool
    /// At what cost of this invocation the agent must stop by itself, in USD; it looks after each response only.
    package var maxCostUSD: Double?
    /// What earlier invocations of this session had used by the agent's own cumulative count.
    package var earlierUsage: [ModelUsage]
    /// Which invocation of its attempt this is, from 1; tells a replay what to play.
    package var invocation: Int
    /// Whether settings, hooks and MCP servers that lie in the workspace are loaded.
    package var trustWorkspace: Bool
    /// Variables for the agent's environment: trace context, resource attributes.
    package var environment: [String: String]
    /// Where the agent sends telemetry of its own (OTLP/gRPC, as reachable from inside the sandbox); nil: nowhere.
    package var telemetryEndpoint: String?
    /// The attempt that all processes of this session are marked with.
    package var attempt: String

    package init(
        prompt: String,
        model: String? = nil,
        maxTurns: Int,
        allowedTools: [String],
        sessionID: String,
        continuesSession: Bool = false,
        maxCostUSD: Double? = nil,
        earlierUsage: [ModelUsage] = [],
        invocation: Int = 1,
        trustWorkspace: Bool = false,
        environment: [String: String] = [:],
        telemetryEndpoint: String? = nil,
        attempt: String
    ) {
        self.prompt = prompt
        self.model = model
        self.maxTurns = maxTurns
        self.allowedTools = allowedTools
        self.sessionID = sessionID
        self.continuesSession = continuesSession
        self.maxCostUSD = maxCostUSD
        self.earlierUsage = earlierUsage
        self.invocation = invocation
        self.trustWorkspace = trustWorkspace
        self.environment = environment
        self.telemetryEndpoint = telemetryEndpoint
        self.attempt = attempt
    }
}
