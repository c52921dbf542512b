import Agents
import Foundation
import Runner

/// What a person is shown of an attempt that goes on: a fold over its events, in bounded memory.
struct LiveState: Sendable {
    /// What is being done.
    enum Phase: Sendable, Equatable {
        case preparing
        case working
        case checking
        case waiting(until: Date)
        case stopping
    }

    /// The task's id.
    let task: String
    /// What the attempt may use.
    let limits: AttemptLimits
    private(set) var phase = Phase.preparing
    /// Responses of the main loop.
    private(set) var turns = 0
    /// Requests to the model that were tried again, and invocations.
    private(set) var retries = 0
    /// The agent's latest text, cut to ``wordsBound`` from its end.
    private(set) var words = ""
    /// How the account's usage limit stands, if the service told it.
    private(set) var rateLimit: RateLimit?
    /// The calls that run.
    private(set) var tools = LiveTools()

    /// What ended invocations have used, and what the present one has.
    private var settledUsage: [ModelUsage] = []
    private var liveUsage: [ModelUsage] = []
    /// Whether a cost is in it that the agent has not told itself.
    private var hasEstimate = false
    private var isEstimate = false
    /// Whether the agent has told its own count since its last response.
    private var isSettled = false

    /// How many bytes of a text are kept.
    static let wordsBound = 16 << 10

    init(task: String, limits: AttemptLimits = AttemptLimits()) {
        self.task = task
        self.limits = limits
    }

    /// What was used so far.
    var usage: ModelUsage { settledUsage.adding(liveUsage).total }

    /// Whether its cost is an estimate.
    var isCostEstimated: Bool { hasEstimate || isEstimate }

    /// Takes an event in.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: When it happened, since the beginning of the attempt.
    /// - Returns: The calls that are over, which a person reads above what goes on.
    mutating func take(_ event: RunEvent, at time: Duration) -> [LiveRow] {
        switch event {
        case .invocationStarted(_, let reason):
            settledUsage = settledUsage.adding(liveUsage)
            liveUsage = []
            hasEstimate = isCostEstimated
            isEstimate = false
            isSettled = false
            if case .retry = reason { retries += 1 }
            phase = .working
            return tools.cutOff(at: time)
        case .agent(let event): return take(event, at: time)
        case .checked:
            if phase == .working { phase = .checking }
        case .stopping: phase = .stopping
        case .waiting(let date, _): phase = .waiting(until: date)
        }
        return []
    }

    /// Ends it: calls that run are cut off.
    mutating func end(at time: Duration) -> [LiveRow] { tools.cutOff(at: time) }

    private mutating func take(_ event: AgentEvent, at time: Duration) -> [LiveRow] {
        switch event {
        case .messageStarted(_, _, let parent):
            if parent == nil { turns += 1 }
            isSettled = false
            // A background task may bring another answer after a result.
            if phase == .checking { phase = .working }
        case .text(let text, _, _): words = text.utf8.count > Self.wordsBound ? Self.end(of: text) : text
        case .toolCall(let id, let name, let input, let parent):
            tools.begin(id, name, input: input, parent: parent, at: time)
        case .toolResult(let id, let isError):
            return tools.end(id, isError ? .failed : .succeeded, at: time)
        case .permissionDenied(let tool, let reason): tools.deny(tool, reason: reason)
        case .retry: retries += 1
        case .usage(let usage):
            liveUsage = usage
            isEstimate = !isSettled
        case .rateLimit(let limit): rateLimit = limit
        case .result(let isError, _):
            isEstimate = false
            isSettled = true
            if !isError, phase == .working { phase = .checking }
        case .started, .operation, .activity, .unknown, .malformed: break
        }
        return []
    }

    private static func end(of text: String) -> String {
        String(decoding: Array(text.utf8.suffix(wordsBound)), as: UTF8.self)
    }
}
