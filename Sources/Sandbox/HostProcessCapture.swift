/// A bounded process had not ended in time, and was killed.
struct TimeLimitExceeded: Error {}

extension HostProcess {
    /// Runs the process within a time limit and keeps its output.
    ///
    /// - Throws: ``TimeLimitExceeded``, and what ``run(output:)`` throws.
    func capture(limit: Int, within time: Duration) async throws -> CapturedOutput {
        try await withThrowingTaskGroup(of: CapturedOutput?.self) { group in
            group.addTask {
                let collector = OutputCollector(limit: limit)
                let result = try await run { collector.append($0) }
                return collector.captured(result)
            }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard let captured = try await group.next() ?? nil else { throw TimeLimitExceeded() }
            return captured
        }
    }
}
