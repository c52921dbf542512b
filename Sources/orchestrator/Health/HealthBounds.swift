import Agents
import Journal
import Runner
import Sandbox

/// A check took longer than it may.
struct CheckTooSlow: Error {}

extension HealthExamination {
    /// Runs a look and cancels it at the bound.
    ///
    /// - Throws: ``CheckTooSlow``, or what the look throws.
    func bounded<Value: Sendable>(_ look: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await look() }
            group.addTask { [limit] in
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw CheckTooSlow() }
            return value
        }
    }

    /// Makes a check and measures it.
    func timed(_ check: () async -> HealthCheck) async -> HealthCheck {
        let clock = ContinuousClock()
        let start = clock.now
        var result = await check()
        result.duration = clock.now - start
        return result
    }
}

extension HealthCheck {
    /// A check that was not made.
    static func skipped(_ name: HealthCheckName, because other: HealthCheckName) -> HealthCheck {
        HealthCheck(
            name: name,
            status: .skipped,
            detail: "Not looked at, since the check of the \(other.rawValue) fails."
        )
    }

    /// A check whose look threw.
    static func failing(
        _ name: HealthCheckName,
        _ word: String,
        _ error: any Error,
        _ limit: Duration
    ) -> HealthCheck {
        let reason: PreparationError? =
            switch error {
            case let error as SandboxError: PreparationError(error)
            case let error as AgentError: PreparationError(error)
            default: nil
            }
        let slow = error is CheckTooSlow ? "No answer within \(limit.inWords)." : nil
        return HealthCheck(
            name: name,
            status: .failing,
            word: word,
            detail: reason?.message ?? slow ?? "\(error)",
            remedy: reason?.remedy
        )
    }
}
