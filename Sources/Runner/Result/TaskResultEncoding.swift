package import Agents
package import FoundationEssentials
package import Sandbox

extension TaskResult: Encodable {
    /// The version of the JSON: it grows when a field changes its meaning or goes; new fields do not change it.
    package static let schemaVersion = 1

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case taskID = "task_id"
        case taskTitle = "task_title"
        case plan
        case status
        case cause
        case exitCode = "exit_code"
        case claim
        case verdict
        case checks
        case uncheckedCriteria = "unchecked_criteria"
        case changes
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case duration = "duration_seconds"
        case tokensUsed = "tokens_used"
        case costUSD = "cost_usd"
        case isCostKnown = "cost_known"
        case isCostEstimated = "cost_estimated"
        case tokens
        case models
        case turns
        case retries
        case fixes
        case output
        case sessionID = "session_id"
        case question
        case options
        case recommendation
        case error
        case advice
        case resumesAt = "resume_at"
        case isReplayed = "replayed"
        case runID = "run_id"
        case attemptNumber = "attempt"
        case continues
        case sandbox
        case container
        case workspace
        case processes
        case traceID = "trace_id"
        case stream
        case notes
    }

    /// Encodes it with keys in snake case; what is not known is `null`, never absent.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schemaVersion, forKey: .schemaVersion)
        try container.encode(taskID, forKey: .taskID)
        try container.encode(taskTitle, forKey: .taskTitle)
        try container.encode(["file": planFile, "path": planPath, "hash": planHash], forKey: .plan)
        try encodeOutcome(to: &container)
        try encodeUsage(to: &container)
        try container.encode(startedAt.inISO8601, forKey: .startedAt)
        try container.encode(startedAt.addingTimeInterval(duration.inSeconds).inISO8601, forKey: .endedAt)
        try container.encode(isReplayed, forKey: .isReplayed)
        try container.encode(runID, forKey: .runID)
        try container.encode(attemptNumber, forKey: .attemptNumber)
        try container.encode(continues, forKey: .continues)
        try container.encode(sandbox, forKey: .sandbox)
        try container.encode(self.container, forKey: .container)
        try container.encode(workspace, forKey: .workspace)
        try container.encode(ProcessesFound(processes), forKey: .processes)
        try container.encode(sessionID, forKey: .sessionID)
        try container.encode(traceID, forKey: .traceID)
        try container.encode(stream, forKey: .stream)
        try container.encode(notes, forKey: .notes)
    }

    private func encodeOutcome(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(status, forKey: .status)
        try container.encode(cause, forKey: .cause)
        try container.encode(exitCode.rawValue, forKey: .exitCode)
        try container.encode(claim?.rawValue, forKey: .claim)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(verification.checks, forKey: .checks)
        try container.encode(verification.unchecked, forKey: .uncheckedCriteria)
        try container.encode(changes, forKey: .changes)
        try container.encode(output, forKey: .output)
        try container.encode(question, forKey: .question)
        try container.encode(options, forKey: .options)
        try container.encode(recommendation, forKey: .recommendation)
        try container.encode(error, forKey: .error)
        try container.encode(advice, forKey: .advice)
        try container.encode(resumesAt?.inISO8601, forKey: .resumesAt)
    }

    private func encodeUsage(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(Double(duration.inMilliseconds) / 1000, forKey: .duration)
        try container.encode(tokensUsed, forKey: .tokensUsed)
        try container.encode(costUSD ?? 0, forKey: .costUSD)
        try container.encode(costUSD != nil, forKey: .isCostKnown)
        try container.encode(isCostEstimated, forKey: .isCostEstimated)
        try container.encode(TokensByKind(usage.total), forKey: .tokens)
        try container.encode(usage.map(ModelTokens.init), forKey: .models)
        try container.encode(turns, forKey: .turns)
        try container.encode(retries, forKey: .retries)
        try container.encode(fixes, forKey: .fixes)
    }
}

extension Date {
    /// ISO 8601 in UTC with milliseconds, such as `2026-11-29T20:21:40.125Z` (RFC 3339).
    ///
    /// Rounded as the journal keeps it, so that both tell the same; the style itself cuts, and turns .755 into .754.
    package var inISO8601: String {
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        let middle = Date(timeIntervalSince1970: (milliseconds + 0.5) / 1000)
        return ISO8601FormatStyle(includingFractionalSeconds: true).format(middle)
    }
}

/// Tokens by kind, in JSON; thinking is part of the output, and null where nobody told.
package struct TokensByKind: Encodable {
    private let usage: ModelUsage

    private enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead = "cache_read"
        case cacheCreation = "cache_creation"
        case thinking
    }

    package init(_ usage: ModelUsage) { self.usage = usage }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(usage.inputTokens, forKey: .input)
        try container.encode(usage.outputTokens, forKey: .output)
        try container.encode(usage.cacheReadTokens, forKey: .cacheRead)
        try container.encode(usage.cacheCreationTokens, forKey: .cacheCreation)
        try container.encode(usage.thinkingTokens, forKey: .thinking)
    }
}

/// One model's tokens and cost, in JSON.
package struct ModelTokens: Encodable {
    private var model: String
    private var tokens: TokensByKind
    private var costUSD: Double

    private enum CodingKeys: String, CodingKey {
        case model
        case tokens
        case costUSD = "cost_usd"
    }

    package init(_ usage: ModelUsage) {
        model = usage.model
        tokens = TokensByKind(usage)
        costUSD = usage.costUSD
    }
}

/// What was found of an attempt's processes, in JSON and in the journal.
package struct ProcessesFound: Codable, Sendable, Equatable {
    /// One process.
    package struct Found: Codable, Sendable, Equatable {
        package var id: Int32
        package var name: String

        init(_ process: ProcessDescription) {
            id = process.id
            name = process.name
        }
    }

    /// Those that ran at the end.
    package var found: [Found]
    /// Those of them that had to be killed.
    package var killed: [Found]
    /// Those that are still there.
    package var remaining: [Found]
    /// Those that began meanwhile and cannot be attributed.
    package var unattributed: [Found]
    /// Why it could not be looked at.
    package var failure: String?

    package init(_ report: StopReport) {
        found = report.found.map(Found.init)
        killed = report.killed.map(Found.init)
        remaining = report.remaining.map(Found.init)
        unattributed = report.unattributed.map(Found.init)
        failure = report.failure
    }
}
