import FoundationEssentials

/// A recorded stream, cut into the steps in which it is played.
struct Recording: Sendable {
    /// One line of the recording.
    struct Step: Sendable {
        /// The line with its end, as it was recorded.
        var bytes: [UInt8]
        /// When it was written, counted from the start of the session.
        var offset: Duration
        /// What its tool calls did, as far as they succeeded and changed something.
        var calls: [ReplayCall]
    }

    /// The lines in order.
    let steps: [Step]
    /// What the session told of itself at its start.
    let initialization: StreamRecord.Initialization?

    /// Reads the recording at a path of the host.
    ///
    /// - Throws: ``AgentError`` with `recordingUnreadable` if there is none, or nothing that could be played.
    init(path: String) throws(AgentError) {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw AgentError(
                .recordingUnreadable,
                "The recording \(path) cannot be read.",
                remedy: "--agent replay:FILE, where FILE is a stream.jsonl of an earlier run"
            )
        }
        self.init(bytes: bytes)
        guard steps.contains(where: { !$0.bytes.isEmpty }), hasRecords else {
            throw AgentError(
                .recordingUnreadable,
                "The recording \(path) holds no record of a session.",
                remedy: "--agent replay:FILE, where FILE is a stream.jsonl of an earlier run"
            )
        }
    }

    private let hasRecords: Bool

    init(bytes: [UInt8]) {
        let lines = Self.lines(bytes)
        let records = lines.map { try? StreamRecord(line: $0) }
        let succeeded = Self.succeeded(records)
        let offsets = RecordedTime(records).offsets
        steps = lines.indices.map { index in
            Step(bytes: lines[index], offset: offsets[index], calls: Self.calls(of: records[index], succeeded))
        }
        hasRecords = records.contains { $0 != nil }
        initialization =
            records.lazy.compactMap { record in
                if case .initialized(let initialization) = record?.kind { initialization } else { nil }
            }.first
    }

    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(Array(rest[...end]))
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? lines : lines + [Array(rest)]
    }

    /// The tool calls that were answered without an error, by id.
    private static func succeeded(_ records: [StreamRecord?]) -> [String: StreamRecord.ToolResult] {
        var succeeded: [String: StreamRecord.ToolResult] = [:]
        for case .toolResults(let results)? in records.map(\.?.kind) {
            for result in results where !result.isError { succeeded[result.callID] = result }
        }
        return succeeded
    }

    private static func calls(
        of record: StreamRecord?,
        _ succeeded: [String: StreamRecord.ToolResult]
    ) -> [ReplayCall] {
        guard case .assistant(let message) = record?.kind else { return [] }
        return message.blocks.compactMap { block in
            guard case .toolCall(let id, let name, let input) = block, let result = succeeded[id] else { return nil }
            return ReplayCall(name: name, input: input, mayExitWithOne: result.exitWasInterpreted)
        }
    }
}
