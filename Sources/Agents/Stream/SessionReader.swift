import Sandbox

/// Reads a session's stream as it comes, and tells at its end what it was.
///
/// Bytes in, events out; no input can make it fail. The replay reads through the same code as the real thing.
struct SessionReader: Sendable {
    /// What has been understood so far.
    private(set) var state = SessionState()

    private var lines = LineDecoder()

    /// Takes the next bytes and returns what they tell, in order.
    mutating func append(_ chunk: [UInt8]) -> [AgentEvent] {
        lines.append(chunk).flatMap { read($0) }
    }

    /// Ends the stream, whose last line may lack its end.
    mutating func finish() -> [AgentEvent] {
        lines.finish().map { read($0) } ?? []
    }

    private mutating func read(_ line: LineDecoder.Line) -> [AgentEvent] {
        switch line {
        case .tooLong(let bytes):
            state.noteMalformed([])
            return [.malformed(bytes: bytes, reason: "longer than \(LineDecoder.defaultBound >> 20) MiB")]
        case .complete(let bytes):
            guard bytes.contains(where: { $0 > 0x20 }) else { return [] }
            do throws(JSONError) {
                return state.apply(try StreamRecord(line: bytes))
            } catch {
                state.noteMalformed(bytes)
                return [.malformed(bytes: bytes.count, reason: "\(error.reason) (byte \(error.offset))")]
            }
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
            usage: ledger.usage,
            costUSD: ledger.costUSD,
            turns: turnCount,
            deniedTools: deniedTools,
            malformedLines: malformedLines,
            standardError: standardError
        )
    }
}
