import FoundationEssentials

/// What the records of a session add up to: a pure fold over its stream, in bounded memory.
struct SessionState: Sendable, Equatable {
    /// The first `system/init`; it is repeated with each turn.
    private(set) var initialization: StreamRecord.Initialization?
    /// The last result record.
    private(set) var lastResult: ResultRecord?
    /// How many records there were, of whatever kind.
    private(set) var records = 0
    /// Lines that were no records.
    private(set) var malformedLines = 0
    /// The first of those lines, cut to 1 KiB: what spoke in the agent's place, such as docker.
    private(set) var firstMalformedLine: String?
    /// The agent's own word for the last failed request.
    private(set) var lastFailure: String?
    /// Whether the agent has just said that it was interrupted.
    private(set) var wasInterrupted = false

    private var ledger: UsageLedger
    private var live = LiveUsage()
    private var reportedUsage: [ModelUsage] = []
    private var rateLimit: RateLimit?
    private var lastRetry: StreamRecord.Retry?
    private var lastTimestamp: String?
    private var denials: [ResultRecord.Denial] = []
    private var finalWords = FinalWords()
    private var message = FinalWords()
    private var turns = 0
    /// The calls of sub-agents whose last record was a response: nothing is told of them but by that.
    private var answered: Set<String> = []

    private static let mostDenials = 1000
    private static let mostSubagents = 1024

    /// - Parameter earlierUsage: What the session had used before, by the agent's cumulative count.
    init(earlierUsage: [ModelUsage] = []) {
        ledger = UsageLedger(earlierUsage: earlierUsage)
    }

    /// Takes a record in and returns what is to be observed of it.
    mutating func apply(_ record: StreamRecord) -> [AgentEvent] {
        if case .own = record.kind { return [] }
        records += 1
        if let timestamp = record.timestamp { lastTimestamp = timestamp }
        let (settled, running) = (ledger.usage, live.usage)
        let events = observe(record)
        guard ledger.usage != settled || live.usage != running, usage != reportedUsage else { return events }
        reportedUsage = usage
        return events + [.usage(usage)]
    }

    /// Notes a line that is no record.
    mutating func noteMalformed(_ line: [UInt8]) {
        malformedLines += 1
        if firstMalformedLine == nil { firstMalformedLine = String(decoding: line.prefix(1024), as: UTF8.self) }
    }

    /// The final words of the session so far, see ``AgentReport/finalText``.
    var finalText: String { finalWords.text }

    /// The number of turns as the agent counts them, all results together, or else the responses that were seen.
    var turnCount: Int { lastResult == nil ? live.turns : turns }

    /// The names of the tools that were refused, in order.
    var deniedTools: [String] { denials.map(\.tool) }

    /// What was used so far, by model: by the results, and by the responses since the last one.
    var usage: [ModelUsage] { live.usage.isEmpty ? ledger.usage : ledger.usage.adding(live.usage) }

    /// Whether something was used that no result has told yet.
    var isCostEstimated: Bool { !live.usage.isEmpty }

    /// The cost so far in USD, or nil if nothing tells one.
    var costUSD: Double? { isCostEstimated ? (ledger.costUSD ?? 0) + live.usage.total.costUSD : ledger.costUSD }

    /// When the account's usage limit resets that a failure is about, or nil if nothing tells it.
    ///
    /// The service's own number counts most, then what the sentence says, then how long the agent was told to wait.
    func limitReset(told sentence: String) -> Date? {
        if let limit = rateLimit, limit.status == .rejected, let date = limit.resetsAt { return date }
        let now = lastTimestamp.flatMap(RecordedTime.date)
        if let date = UsageLimitReset.date(in: sentence, after: now) { return date }
        guard let retry = lastRetry, retry.status == 429, let delay = retry.delay else { return nil }
        return now?.addingTimeInterval(delay / .seconds(1))
    }
}

extension SessionState {
    private mutating func observe(_ record: StreamRecord) -> [AgentEvent] {
        switch record.kind {
        case .initialized(let initialization):
            guard self.initialization == nil, let id = initialization.sessionID else { return [.activity] }
            self.initialization = initialization
            return [.started(sessionID: id, model: initialization.model, version: initialization.version)]
        case .assistant(let message):
            return apply(message, parentToolCall: record.parentToolCall)
        case .streamEvent(let event):
            return apply(event, parentToolCall: record.parentToolCall)
        case .toolResults(let results, let isInterruption):
            wasInterrupted = isInterruption && record.parentToolCall == nil
            if let parent = record.parentToolCall { answered.remove(parent) }
            for result in results { noteLastResponse(of: result) }
            let events = results.map { AgentEvent.toolResult(id: $0.callID, isError: $0.isError) }
            return events.isEmpty ? [.activity] : events
        case .permissionDenied(let tool, let callID, let reason):
            note(ResultRecord.Denial(tool: tool, callID: callID))
            return [.permissionDenied(tool: tool, reason: reason)]
        case .retry(let retry):
            lastRetry = retry
            return [
                .retry(attempt: retry.attempt, status: retry.status, message: retry.message, delay: retry.delay)
            ]
        case .rateLimit(let limit):
            rateLimit = limit
            return [.rateLimit(limit)]
        case .result(let result):
            apply(result)
            return [.result(isError: result.isError ?? false, subtype: result.subtype)]
        case .requesting, .taskEnded, .passedOver:
            return [.activity]
        case .own:
            return []
        case .unknown(let type):
            return [.unknown(type: type)]
        }
    }

    private mutating func apply(_ event: StreamEvent, parentToolCall: String?) -> [AgentEvent] {
        switch event {
        case .messageStart(let id, let model, let usage, _):
            return note(id: id, model: model, usage: usage, parentToolCall) ?? [.activity]
        case .messageDelta(let id, let usage, _):
            if let usage { live.update(id: id, counts: usage) }
            return [.activity]
        case .piece:
            return [.activity]
        case .ping:
            return []
        }
    }

    private mutating func apply(_ message: StreamRecord.Message, parentToolCall: String?) -> [AgentEvent] {
        wasInterrupted = false
        if let failure = message.failure { lastFailure = failure }
        if let parentToolCall, answered.count < Self.mostSubagents { answered.insert(parentToolCall) }
        if let limit = message.rateLimit { rateLimit = limit }
        if parentToolCall == nil, message.id == nil || message.id != self.message.messageID {
            self.message = FinalWords(messageID: message.id)
        }
        var events: [AgentEvent] = []
        if !message.isMadeUp {
            events += note(id: message.id, model: message.model, usage: message.usage, parentToolCall) ?? []
        }
        for block in message.blocks {
            switch block {
            case .text(let text):
                if parentToolCall == nil { self.message.append(text) }
                events.append(.text(text, messageID: message.id, parentToolCall: parentToolCall))
            case .toolCall(let id, let name, let input):
                events.append(.toolCall(id: id, name: name, input: input.text, parentToolCall: parentToolCall))
            }
        }
        return events.isEmpty ? [.activity] : events
    }

    /// Notes a response, and returns the event of its beginning if it is a new one.
    private mutating func note(
        id: String?,
        model: String?,
        usage: TokenCounts?,
        _ parentToolCall: String?
    ) -> [AgentEvent]? {
        let isNew = live.note(id: id, model: model, counts: usage, isMainLoop: parentToolCall == nil)
        return isNew ? [.messageStarted(id: id, model: model, parentToolCall: parentToolCall)] : nil
    }

    /// Notes the last response of a sub-agent, which no record of its own tells of, by the result of its call.
    private mutating func noteLastResponse(of result: StreamRecord.ToolResult) {
        guard let last = result.lastResponse, let counts = last.usage, answered.remove(result.callID) == nil else {
            return
        }
        _ = live.note(id: nil, model: last.model, counts: counts, isMainLoop: false)
    }

    private mutating func apply(_ result: ResultRecord) {
        lastResult = result
        ledger.add(result)
        live.settle()
        turns = min(turns + result.turns, 1 << 50)
        let words = Self.finalText(of: message.text, result: result.text)
        if !words.isEmpty { finalWords.append(words) }
        message = FinalWords()
        for denial in result.denials { note(denial) }
    }

    /// The text of a session's last message, checked against the result record.
    ///
    /// `result` has only the last block of the last message, so the message says more. But a message with no blocks
    /// leaves no record, and then the last one that we saw is an earlier one: the result is right.
    private static func finalText(of gathered: String, result: String?) -> String {
        guard let result else { return gathered }
        if result.isEmpty { return "" }
        return gathered.hasSuffix(result) ? gathered : result
    }

    private mutating func note(_ denial: ResultRecord.Denial) {
        if let id = denial.callID, denials.contains(where: { $0.callID == id }) { return }
        if denials.count < Self.mostDenials { denials.append(denial) }
    }
}
