/// Owns the reader of a running session, whose bytes arrive in a concurrent callback.
actor SessionFeed {
    private var reader: SessionReader

    init(earlierUsage: [ModelUsage]) {
        reader = SessionReader(earlierUsage: earlierUsage)
    }

    /// Takes the next bytes and returns what they come to.
    func append(_ chunk: [UInt8]) -> SessionReader.Reading {
        reader.append(chunk, at: .now)
    }

    /// Ends the stream and returns what its unfinished last line comes to, and the state at the end.
    func finish() -> (reading: SessionReader.Reading, state: SessionState) {
        let reading = reader.finish(at: .now)
        return (reading, reader.state)
    }
}
