/// What the user asks of an attempt; kept in the journal, so that a later resume works alike.
package struct TaskOptions: Sendable, Equatable, Codable {
    /// What is added to the prompt.
    package var guidance: String?
    /// The model, or nil for the agent's default.
    package var model: String?
    /// The tools that the agent may use unasked.
    package var allowedTools: [String]
    /// Whether settings in the workspace are loaded.
    package var trustsWorkspace: Bool
    /// What the attempt may use.
    package var limits: AttemptLimits
    /// How often it goes on by itself after a failure that passes.
    package var retries: Int
    /// How often the agent is shown what contradicts its claim.
    package var fixes: Int
    /// How long one command of a check may take.
    package var checkTimeLimit: Duration
    /// Whether a usage limit of the account is waited out.
    package var waitsForUsageLimit: Bool
    /// Paths below the workspace whose changes are not the agent's, such as our own state directory.
    package var excludedPaths: [String]

    package init(
        guidance: String? = nil,
        model: String? = nil,
        allowedTools: [String] = ["Bash", "Read", "Write", "Edit", "Glob", "Grep"],
        trustsWorkspace: Bool = false,
        limits: AttemptLimits = AttemptLimits(),
        retries: Int = 2,
        fixes: Int = 0,
        checkTimeLimit: Duration = .seconds(300),
        waitsForUsageLimit: Bool = false,
        excludedPaths: [String] = []
    ) {
        self.guidance = guidance
        self.model = model
        self.allowedTools = allowedTools
        self.trustsWorkspace = trustsWorkspace
        self.limits = limits
        self.retries = retries
        self.fixes = fixes
        self.checkTimeLimit = checkTimeLimit
        self.waitsForUsageLimit = waitsForUsageLimit
        self.excludedPaths = excludedPaths
    }
}
