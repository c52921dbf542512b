import Sandbox

/// Reads a session's stream as it comes, and tells at its end what it was.
///
/// Bytes in, events out; no input can make it fail. The replay reads through the same code as the real thing.
struct SessionReader: Sendable {
    /// What some bytes of the stream came to.
    struct Reading: Sendable, Equatable {
        /// What they tell, in order.
        var events: [AgentEvent] = []
        /// What of them is kept for a replay: whole lines, byte for byte.
        var kept: [UInt8] = []
    }

    /// What has been understood so far.
    private(set) var state: SessionState

    private var lines = LineDecoder()
    private var timeline: SessionTimeline

    /// - Parameters:
    ///   - earlierUsage: What the session had used before, see ``AgentRequest/earlierUsage``.
    ///   - trustsRecordTimes: Whether the times in the records are of this session; false for a replay.
    init(earlierUsage: [ModelUsage] = [], trustsRecordTimes: Bool = true) {
        state = SessionState(earlierUsage: earlierUsage)
        timeline = SessionTimeline(trustsRecordTimes: trustsRecordTimes)
    }

    /// Takes the next bytes, which came at this time; a line is read and kept when it is complete.
    mutating func append(_ chunk: [UInt8], at arrival: WallTime) -> Reading {
        var reading = Reading()
        for line in lines.append(chunk) { read(line, end: [0x0A], at: arrival, into: &reading) }
        return reading
    }

    /// Ends the stream, whose last line may lack its end; operations that are open have ended now.
    mutating func finish(at time: WallTime) -> Reading {
        var reading = Reading()
        if let line = lines.finish() { read(line, end: [], at: time, into: &reading) }
        reading.events += timeline.finish(at: time).map(AgentEvent.operation)
        return reading
    }

    private mutating func read(
        _ line: LineDecoder.Line,
        end: [UInt8],
        at arrival: WallTime,
        into reading: inout Reading
    ) {
        switch line {
        case .overflow(let piece):
            reading.kept += piece
        case .tooLong(let bytes):
            state.noteMalformed([])
            reading.events.append(.malformed(bytes: bytes, reason: "longer than \(LineDecoder.defaultBound >> 20) MiB"))
            reading.kept += end
        case .complete(let bytes):
            guard readComplete(bytes, at: arrival, into: &reading.events) else { return }
            reading.kept += bytes
            reading.kept += end
        }
    }

    /// Reads a whole line and returns whether it is kept.
    private mutating func readComplete(
        _ bytes: [UInt8],
        at arrival: WallTime,
        into events: inout [AgentEvent]
    ) -> Bool {
        guard bytes.contains(where: { $0 > 0x20 }) else { return true }
        do throws(JSONError) {
            let record = try StreamRecord(line: bytes)
            events += state.apply(record)
            for operation in timeline.take(record, at: arrival) { events.append(.operation(operation)) }
            return record.isKept
        } catch {
            state.noteMalformed(bytes)
            events.append(.malformed(bytes: bytes.count, reason: "\(error.reason) (byte \(error.offset))"))
            return true
        }
    }
}

extension StreamRecord {
    /// Whether a replay needs it: the pieces of a response are left out, since whole records repeat them, and so are our
    /// own records, which whoever writes the stream adds himself.
    fileprivate var isKept: Bool {
        switch kind {
        case .own, .streamEvent(.piece), .streamEvent(.ping): false
        default: true
        }
    }
}

extension SessionState {
    /// The report of the session, given how the agent's process ended.
    func report(termination: Termination, standardError: String) -> AgentReport {
        AgentReport(
            ending: AgentEnding(session: self, termination: termination, standardError: standardError),
            termination: termination,
            sessionID: initialization?.sessionID,
            model: initialization?.model,
            version: initialization?.version,
            finalText: finalText,
            usage: usage,
            costUSD: costUSD,
            isCostEstimated: isCostEstimated,
            sessionUsage: lastResult?.modelUsage,
            hasBegun: initialization != nil,
            turns: turnCount,
            deniedTools: deniedTools,
            malformedLines: malformedLines,
            standardError: standardError
        )
    }
}
