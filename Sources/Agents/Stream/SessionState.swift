/// What the records of a session add up to: a pure fold over its stream.
struct SessionState: Sendable, Equatable {
    /// The first `system/init`; it is repeated with each turn.
    private(set) var initialization: StreamRecord.Initialization?
    /// All result records, in order.
    private(set) var results: [ResultRecord] = []
    /// What was used, by the result records.
    private(set) var ledger = UsageLedger()
    /// How many records there were, of whatever kind.
    private(set) var records = 0
    /// Lines that were no records.
    private(set) var malformedLines = 0
    /// The first of those lines, cut to 1 KiB: what spoke in the agent's place, such as docker.
    private(set) var firstMalformedLine: String?
    /// The agent's own word for the last failed request.
    private(set) var lastFailure: String?

    private var denials: [ResultRecord.Denial] = []
    private var finalTexts: [String] = []
    private var lastMessage = MainLoopMessage()
    private var turns = 0

    private struct MainLoopMessage: Sendable, Equatable {
        var id: String?
        var texts: [String] = []
    }

    init() {}

    /// Takes a record in and returns what is to be observed of it.
    mutating func apply(_ record: StreamRecord) -> [AgentEvent] {
        records += 1
        switch record.kind {
        case .initialized(let initialization):
            guard self.initialization == nil, let id = initialization.sessionID else { return [] }
            self.initialization = initialization
            return [.started(sessionID: id, model: initialization.model, version: initialization.version)]
        case .assistant(let message):
            return apply(message, parentToolCall: record.parentToolCall)
        case .toolResults(let results):
            return results.map { .toolResult(id: $0.callID, isError: $0.isError) }
        case .permissionDenied(let tool, let callID, let reason):
            note(ResultRecord.Denial(tool: tool, callID: callID))
            return [.permissionDenied(tool: tool, reason: reason)]
        case .retry(let attempt, let status, let message):
            return [.retry(attempt: attempt, status: status, message: message)]
        case .result(let result):
            apply(result)
            return [.result(isError: result.isError ?? false, subtype: result.subtype)]
        case .passedOver:
            return []
        case .unknown(let type):
            return [.unknown(type: type)]
        }
    }

    /// Notes a line that is no record.
    mutating func noteMalformed(_ line: [UInt8]) {
        malformedLines += 1
        if firstMalformedLine == nil { firstMalformedLine = String(decoding: line.prefix(1024), as: UTF8.self) }
    }

    /// The final words of the session so far, see ``AgentReport/finalText``.
    var finalText: String { finalTexts.filter { !$0.isEmpty }.joined(separator: "\n") }

    /// The number of turns as the agent counts them, all results together; 0 if it never told one.
    var turnCount: Int { turns }

    /// The names of the tools that were refused, in order.
    var deniedTools: [String] { denials.map(\.tool) }

    private mutating func apply(_ message: StreamRecord.Message, parentToolCall: String?) -> [AgentEvent] {
        if let failure = message.failure { lastFailure = failure }
        if parentToolCall == nil, message.id == nil || message.id != lastMessage.id {
            lastMessage = MainLoopMessage(id: message.id)
        }
        return message.blocks.map { block in
            switch block {
            case .text(let text):
                if parentToolCall == nil { lastMessage.texts.append(text) }
                return .text(text, messageID: message.id, parentToolCall: parentToolCall)
            case .toolCall(let id, let name, let input):
                return .toolCall(id: id, name: name, input: input.text, parentToolCall: parentToolCall)
            }
        }
    }

    private mutating func apply(_ result: ResultRecord) {
        results.append(result)
        ledger.add(result)
        turns = min(turns + result.turns, 1 << 50)
        finalTexts.append(Self.finalText(of: lastMessage.texts, result: result.text))
        lastMessage = MainLoopMessage()
        for denial in result.denials { note(denial) }
    }

    /// The text of a session's last message, checked against the result record.
    ///
    /// `result` has only the last block of the last message, so the message says more. But a message with no blocks
    /// leaves no record, and then the last one that we saw is an earlier one: the result is right.
    private static func finalText(of texts: [String], result: String?) -> String {
        let gathered = texts.joined(separator: "\n")
        guard let result else { return gathered }
        if result.isEmpty { return "" }
        return gathered.hasSuffix(result) ? gathered : result
    }

    private mutating func note(_ denial: ResultRecord.Denial) {
        if let id = denial.callID, denials.contains(where: { $0.callID == id }) { return }
        denials.append(denial)
    }
}
