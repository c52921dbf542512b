import Synchronization

/// The output of a short command, kept in memory.
package struct CapturedOutput: Sendable, Equatable {
    /// Standard output from its beginning, at most as much as was asked for.
    package var output: [UInt8]
    /// Whether there was more output than that.
    package var isTruncated: Bool
    /// How the command ended.
    package var result: CommandResult

    package init(output: [UInt8], isTruncated: Bool, result: CommandResult) {
        self.output = output
        self.isTruncated = isTruncated
        self.result = result
    }
}

extension Sandbox {
    /// Runs a command and keeps the beginning of its output; what is beyond the limit is read and dropped.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - limit: How many bytes of standard output are kept.
    /// - Returns: The beginning of the output, and how the command ended.
    /// - Throws: What ``run(_:output:)`` throws.
    package func capture(_ command: SandboxCommand, limit: Int = 1 << 20) async throws -> CapturedOutput {
        let collector = OutputCollector(limit: limit)
        let result = try await run(command) { collector.append($0) }
        return collector.captured(result)
    }
}

/// Keeps the beginning of a stream whose chunks come one after the other, perhaps on different threads.
final class OutputCollector: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isTruncated = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func append(_ chunk: [UInt8]) {
        state.withLock { state in
            let fitting = chunk.prefix(limit - state.bytes.count)
            state.bytes += fitting
            if fitting.count < chunk.count { state.isTruncated = true }
        }
    }

    var isEmpty: Bool { state.withLock { $0.bytes.isEmpty } }

    func captured(_ result: CommandResult) -> CapturedOutput {
        let state = state.withLock { $0 }
        return CapturedOutput(output: state.bytes, isTruncated: state.isTruncated, result: result)
    }
}
