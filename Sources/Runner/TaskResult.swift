package import Agents
import FoundationEssentials

/// What came of one attempt: the fields of the milestone document (Task 2.3) under their names, and what is known besides.
///
/// Encoded as JSON with keys in snake case; what is not known is `null`, never absent.
package struct TaskResult: Sendable, Equatable {
    /// The task's id.
    package var taskID: String
    /// The task's title.
    package var taskTitle: String
    /// What the attempt counts as.
    package var status: TaskStatus
    /// Why.
    package var cause: Cause
    /// The program's exit code.
    package var exitCode: ExitCode
    /// What the agent claimed, or nil if it claimed nothing.
    package var claim: Claim.Status?
    /// What our own checks found.
    package var verdict: Verdict
    /// How long the agent worked.
    package var duration: Duration
    /// Tokens and cost by model, as the agent counts them.
    package var usage: [ModelUsage]
    /// The agent's own cost in USD; nil if it never told one.
    package var costUSD: Double?
    /// Turns as the agent counts them.
    package var turns: Int
    /// The agent's last words.
    package var output: String
    /// The agent's session.
    package var sessionID: String
    /// With needs_human: the question, the answers to choose from, and what the agent would choose.
    package var question: String?
    package var options: [String]?
    package var recommendation: String?
    /// With failed: what went wrong, and what can be done about it.
    package var error: String?
    package var advice: String?
    /// Whether a recording was replayed, so that tokens and cost were not spent now.
    package var isReplayed: Bool
    /// The run's id.
    package var runID: String
    /// The trace's id: 32 hexadecimal digits; nil without tracing.
    package var traceID: String?
    /// Where the agent's raw stream lies.
    package var stream: String
    /// What else the user must know, a line each: processes that were ended, tools that were refused.
    package var notes: [String]

    /// All tokens of all models and kinds.
    package var tokensUsed: Int { usage.total.totalTokens }
}

/// What our own checks found.
package enum Verdict: String, Codable, Sendable {
    /// There was nothing that we could check.
    case unchecked
}

extension TaskResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case taskID = "task_id"
        case taskTitle = "task_title"
        case status
        case cause
        case exitCode = "exit_code"
        case claim
        case verdict
        case duration = "duration_seconds"
        case tokensUsed = "tokens_used"
        case costUSD = "cost_usd"
        case isCostKnown = "cost_known"
        case tokens
        case models
        case turns
        case output
        case sessionID = "session_id"
        case question
        case options
        case recommendation
        case error
        case advice
        case isReplayed = "replayed"
        case runID = "run_id"
        case traceID = "trace_id"
        case stream
        case notes
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(taskID, forKey: .taskID)
        try container.encode(taskTitle, forKey: .taskTitle)
        try container.encode(status, forKey: .status)
        try container.encode(cause, forKey: .cause)
        try container.encode(exitCode.rawValue, forKey: .exitCode)
        try container.encode(claim?.rawValue, forKey: .claim)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(Double(duration.inMilliseconds) / 1000, forKey: .duration)
        try container.encode(tokensUsed, forKey: .tokensUsed)
        try container.encode(costUSD ?? 0, forKey: .costUSD)
        try container.encode(costUSD != nil, forKey: .isCostKnown)
        try container.encode(TokensByKind(usage.total), forKey: .tokens)
        try container.encode(usage.map(ModelTokens.init), forKey: .models)
        try container.encode(turns, forKey: .turns)
        try container.encode(output, forKey: .output)
        try container.encode(sessionID, forKey: .sessionID)
        try container.encode(question, forKey: .question)
        try container.encode(options, forKey: .options)
        try container.encode(recommendation, forKey: .recommendation)
        try container.encode(error, forKey: .error)
        try container.encode(advice, forKey: .advice)
        try container.encode(isReplayed, forKey: .isReplayed)
        try container.encode(runID, forKey: .runID)
        try container.encode(traceID, forKey: .traceID)
        try container.encode(stream, forKey: .stream)
        try container.encode(notes, forKey: .notes)
    }
}

/// Tokens by kind, in JSON.
private struct TokensByKind: Encodable {
    private let usage: ModelUsage

    private enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead = "cache_read"
        case cacheCreation = "cache_creation"
    }

    init(_ usage: ModelUsage) { self.usage = usage }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(usage.inputTokens, forKey: .input)
        try container.encode(usage.outputTokens, forKey: .output)
        try container.encode(usage.cacheReadTokens, forKey: .cacheRead)
        try container.encode(usage.cacheCreationTokens, forKey: .cacheCreation)
    }
}

/// One model's tokens and cost, in JSON.
private struct ModelTokens: Encodable {
    var model: String
    var tokens: TokensByKind
    var costUSD: Double

    private enum CodingKeys: String, CodingKey {
        case model
        case tokens
        case costUSD = "cost_usd"
    }

    init(_ usage: ModelUsage) {
        model = usage.model
        tokens = TokensByKind(usage)
        costUSD = usage.costUSD
    }
}
