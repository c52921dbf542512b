/// Owns the reader of a running session, whose bytes arrive in a concurrent callback.
actor SessionFeed {
    private var reader = SessionReader()

    /// Takes the next bytes and returns what they tell.
    func append(_ chunk: [UInt8]) -> [AgentEvent] {
        reader.append(chunk)
    }

    /// Ends the stream and returns what its unfinished last line tells, and the state at the end.
    func finish() -> (events: [AgentEvent], state: SessionState) {
        let events = reader.finish()
        return (events, reader.state)
    }
}
