import Agents
import Foundation
import Plans
import Runner

/// One line of `--events`: what happened, when, in which attempt, and what belongs to it.
///
/// Every line has `schema_version`, `event`, `time` (ISO 8601 UTC), `run_id` and `attempt`; of the other fields only those
/// that belong to the event.
struct RunEventRecord: Encodable {
    var event: String
    var time = ""
    var runID = ""
    var attempt = 1
    var taskID: String?
    var taskTitle: String?
    var plan: String?
    var forecast: ForecastRecord?
    var invocation: Int?
    var reason: String?
    var sessionID: String?
    var model: String?
    var version: String?
    var text: String?
    var toolCallID: String?
    var parentToolCallID: String?
    var tool: String?
    var input: String?
    var isError: Bool?
    var retry: Int?
    var status: Int?
    var message: String?
    var until: String?
    var usage: [ModelTokens]?
    var costUSD: Double?
    var check: CheckResult?
    var result: TaskResult?

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case event
        case time
        case runID = "run_id"
        case attempt
        case taskID = "task_id"
        case taskTitle = "task_title"
        case plan
        case forecast
        case invocation
        case reason
        case sessionID = "session_id"
        case model
        case version
        case text
        case toolCallID = "tool_call_id"
        case parentToolCallID = "parent_tool_call_id"
        case tool
        case input
        case isError = "is_error"
        case retry
        case status
        case message
        case until
        case usage
        case costUSD = "cost_usd"
        case check
        case result
    }

    init(_ event: String) { self.event = event }

    /// The line with which an attempt begins.
    static func runStarted(_ preparation: TaskPreparation, _ order: AttemptOrder) -> RunEventRecord {
        var record = RunEventRecord("run_started")
        record.taskID = preparation.task.id
        record.taskTitle = preparation.task.title
        record.plan = preparation.plan.file
        record.message = order.warnings.isEmpty ? nil : order.warnings.joined(separator: " ")
        return record
    }

    /// The line of an event, or nil for one that is no news to a program.
    init?(_ event: RunEvent) {
        switch event {
        case .invocationStarted(let number, let reason):
            self.init("invocation_started")
            invocation = number
            self.reason = reason.word
        case .checked(let check):
            self.init("check")
            self.check = check
        case .stopping(let cause):
            self.init("stopping")
            reason = cause.cause.rawValue
        case .waiting(let date, let reason):
            self.init("waiting")
            self.reason = reason.word
            until = date.inISO8601
        case .agent(let event):
            self.init(event)
        }
    }

    private init?(_ event: AgentEvent) {
        switch event {
        case .started(let session, let model, let version):
            self.init("session")
            (sessionID, self.model, self.version) = (session, model, version)
        case .text(let text, _, let parent):
            self.init("text")
            (self.text, parentToolCallID) = (text, parent)
        case .toolCall(let id, let name, let input, let parent):
            self.init("tool_call")
            (toolCallID, tool, self.input, parentToolCallID) = (id, name, input, parent)
        case .toolResult(let id, let isError):
            self.init("tool_result")
            (toolCallID, self.isError) = (id, isError)
        case .permissionDenied(let tool, let reason):
            self.init("permission_denied")
            (self.tool, self.reason) = (tool, reason)
        case .retry(let attempt, let status, let message, _):
            self.init("retry")
            (retry, self.status, self.message) = (attempt, status, message)
        case .usage(let usage):
            self.init("usage")
            self.usage = usage.map(ModelTokens.init)
            costUSD = usage.total.costUSD
        case .rateLimit(let limit):
            self.init("rate_limit")
            (message, reason, until) = (limit.status.rawValue, limit.kind, limit.resetsAt?.inISO8601)
        case .malformed(let bytes, let reason):
            self.init("notice")
            message = "a line of \(bytes) bytes could not be read: \(reason)"
        case .messageStarted, .operation, .result, .activity, .unknown:
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(TaskResult.schemaVersion, forKey: .schemaVersion)
        try container.encode(event, forKey: .event)
        try container.encode(time, forKey: .time)
        try container.encode(runID, forKey: .runID)
        try container.encode(attempt, forKey: .attempt)
        try container.encodeIfPresent(taskID, forKey: .taskID)
        try container.encodeIfPresent(taskTitle, forKey: .taskTitle)
        try container.encodeIfPresent(plan, forKey: .plan)
        try container.encodeIfPresent(forecast, forKey: .forecast)
        try container.encodeIfPresent(invocation, forKey: .invocation)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(sessionID, forKey: .sessionID)
        try container.encodeIfPresent(model, forKey: .model)
        try container.encodeIfPresent(version, forKey: .version)
        try container.encodeIfPresent(text, forKey: .text)
        try container.encodeIfPresent(toolCallID, forKey: .toolCallID)
        try container.encodeIfPresent(parentToolCallID, forKey: .parentToolCallID)
        try container.encodeIfPresent(tool, forKey: .tool)
        try container.encodeIfPresent(input, forKey: .input)
        try container.encodeIfPresent(isError, forKey: .isError)
        try container.encodeIfPresent(retry, forKey: .retry)
        try container.encodeIfPresent(status, forKey: .status)
        try container.encodeIfPresent(message, forKey: .message)
        try container.encodeIfPresent(until, forKey: .until)
        try container.encodeIfPresent(usage, forKey: .usage)
        try container.encodeIfPresent(costUSD, forKey: .costUSD)
        try container.encodeIfPresent(check, forKey: .check)
        try container.encodeIfPresent(result, forKey: .result)
    }
}
