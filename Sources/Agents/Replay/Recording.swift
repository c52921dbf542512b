import FoundationEssentials

/// A recorded stream of an attempt, cut into its invocations and these into the steps in which they are played.
struct Recording: Sendable {
    /// One line of the recording.
    struct Step: Sendable {
        /// The line with its end, as it was recorded.
        var bytes: [UInt8]
        /// When it was written, counted from the start of the invocation.
        var offset: Duration
        /// What its tool calls did, as far as they succeeded and changed something.
        var calls: [ReplayCall]
    }

    /// One invocation of the agent.
    struct Invocation: Sendable {
        /// The lines in order.
        var steps: [Step]
        /// How it ended; nil if the recording does not tell.
        var end: InvocationEnd?
    }

    /// The invocations in order; a recording without any of our own records is one.
    let invocations: [Invocation]
    /// What the session told of itself at its start.
    let initialization: StreamRecord.Initialization?

    private let hasRecords: Bool

    /// Reads the recording at a path of the host.
    ///
    /// - Throws: ``AgentError`` with `recordingUnreadable` if there is none, or nothing that could be played.
    init(path: String) throws(AgentError) {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Self.unreadable("The recording \(path) cannot be read.")
        }
        self.init(bytes: bytes)
        guard hasRecords else { throw Self.unreadable("The recording \(path) holds no record of a session.") }
    }

    init(bytes: [UInt8]) {
        let lines = Self.lines(bytes)
        let records = lines.map { try? StreamRecord(line: $0) }
        hasRecords = records.contains { $0 != nil }
        initialization =
            records.lazy.compactMap { record in
                if case .initialized(let initialization) = record?.kind { initialization } else { nil }
            }.first
        var invocations: [Invocation] = []
        var start = 0
        for (index, record) in records.enumerated() {
            guard case .own(let end?) = record?.kind else { continue }
            let steps = Self.steps(Array(lines[start..<index]), Array(records[start..<index]))
            invocations.append(Invocation(steps: steps, end: end))
            start = index + 1
        }
        if invocations.isEmpty || lines[start...].contains(where: { $0.contains { $0 > 0x20 } }) {
            invocations.append(Invocation(steps: Self.steps(Array(lines[start...]), Array(records[start...]))))
        }
        self.invocations = invocations
    }

    private static func unreadable(_ message: String) -> AgentError {
        AgentError(
            .recordingUnreadable,
            message,
            remedy: "--agent replay:FILE, where FILE is a stream.jsonl of an earlier run"
        )
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

    private static func steps(_ lines: [[UInt8]], _ records: [StreamRecord?]) -> [Step] {
        let succeeded = succeeded(records)
        let offsets = RecordedTime(records).offsets
        return lines.indices.map { index in
            Step(bytes: lines[index], offset: offsets[index], calls: calls(of: records[index], succeeded))
        }
    }

    /// The tool calls that were answered without an error, by id.
    private static func succeeded(_ records: [StreamRecord?]) -> [String: StreamRecord.ToolResult] {
        var succeeded: [String: StreamRecord.ToolResult] = [:]
        for case .toolResults(let results, _)? in records.map(\.?.kind) {
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
