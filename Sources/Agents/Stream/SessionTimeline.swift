/// Follows when each response of the model and each tool call of a session began and ended: a fold in bounded memory.
///
/// The times are as near to the truth as the stream allows. A response of the main loop begins with the agent's word that
/// it sends a request, which is corrected by what the first piece tells of it, and ends with the piece that names its reason
/// to stop. Sub-agents send no pieces: their responses begin when what they wait for is there, and end with their last block.
/// Tool calls begin when the model has named them, unless they have to wait for others (``ToolConcurrency``), and end with
/// their result.
struct SessionTimeline: Sendable, Equatable {
    /// A conversation with the model: the main loop, or a sub-agent's.
    struct Loop: Sendable, Equatable {
        var response: OpenResponse?
        /// Since when everything is there that the next request needs.
        var readyAt: WallTime?
        /// When its task was said to have ended.
        var endedAt: WallTime?
        /// The last message, of which no further response is made.
        var lastMessageID: String?
        var model: String?
    }

    struct OpenResponse: Sendable, Equatable {
        var id: Operation.ID
        var beganAt: WallTime
        var details = ResponseDetails()
        /// Whether a request for it had failed.
        var wasRetried = false
        /// Whether its pieces come, of which the last one tells the end.
        var isStreamed = false
        var lastAt: WallTime

        /// Whether it came in whole records, of which none is known to be the last.
        var isLoose: Bool { !isStreamed && details.id != nil }
    }

    /// A tool call that has no result yet.
    struct OpenCall: Sendable, Equatable {
        var operation: Operation.ID?
        var name: String
        var arguments: JSONValue
        var loop: String
        var announcedAt: WallTime
        /// The calls that have to end before this one begins.
        var blockers: Set<String>
        var isDenied = false
        /// Whether its parent is being looked for: a stream may say that two calls are each in the other's conversation.
        var isBeginning = false
    }

    static let mainLoop = ""
    static let mostLoops = 256
    static let mostCalls = 1024

    /// Whether the times that records bear are those at which it happened; not so in a replay.
    let trustsRecordTimes: Bool
    var loops: [String: Loop] = [:]
    var calls: [String: OpenCall] = [:]
    var order: [String] = []
    /// The calls that sub-agents worked for, also after their end.
    var agentCalls: [String: Operation.ID] = [:]
    var lastID = 0
    var told: [OperationEvent] = []

    init(trustsRecordTimes: Bool) {
        self.trustsRecordTimes = trustsRecordTimes
    }

    /// Takes a record in that came at this time, and returns what it tells.
    mutating func take(_ record: StreamRecord, at arrival: WallTime) -> [OperationEvent] {
        told = []
        // Most records are pieces, which tell no more than that there are some.
        if case .streamEvent(.piece) = record.kind { return [] }
        let loop = record.parentToolCall ?? Self.mainLoop
        guard loops[loop] != nil || loops.count < Self.mostLoops else { return [] }
        switch record.kind {
        case .initialized(let initialization):
            guard loops[Self.mainLoop] == nil else { break }
            loops[Self.mainLoop] = Loop(readyAt: arrival, model: initialization.model)
        case .requesting:
            beginRequest(at: arrival)
        case .retry(let retry):
            let note = OperationNote.retry(
                attempt: retry.attempt,
                status: retry.status,
                message: retry.message,
                delay: retry.delay
            )
            let response = responseUnderWay(at: arrival)
            for name in loops.keys where loops[name]?.response?.id == response {
                loops[name]?.response?.wasRetried = true
            }
            told.append(.happened(note, in: response, at: arrival))
        case .streamEvent(let event):
            take(event, in: loop, at: arrival)
        case .assistant(let message):
            take(message, in: loop, at: time(of: record, arrival))
        case .toolResults(let results, _):
            take(results, in: loop, at: time(of: record, arrival))
        case .permissionDenied(let tool, let callID, let reason):
            take(denialOf: tool, callID, reason, at: arrival)
        case .taskEnded(let callID):
            if let callID { loops[callID]?.endedAt = arrival }
        case .result(let result):
            let failure = result.isError == true ? OperationEnd.interrupted : nil
            for name in loops.keys.sorted() { endResponse(of: name, at: arrival, failure) }
        case .rateLimit, .passedOver, .own, .unknown:
            break
        }
        return told
    }

    /// Ends whatever has not ended, as the stream has.
    mutating func finish(at time: WallTime) -> [OperationEvent] {
        told = []
        for name in loops.keys.sorted() { endResponse(of: name, at: time, OperationEnd.interrupted) }
        for call in order.reversed() { endCall(call, OperationEnd(errorType: OperationEnd.interrupted), at: time) }
        return told
    }

    private func time(of record: StreamRecord, _ arrival: WallTime) -> WallTime {
        guard trustsRecordTimes, let time = record.timestamp.flatMap(WallTime.init(iso8601:)), time <= arrival,
            arrival.since(time) < .seconds(60)
        else { return arrival }
        return time
    }
}
