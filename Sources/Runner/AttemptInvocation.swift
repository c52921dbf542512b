import Agents
import Sandbox

/// What invoking the agent came to: its report, why it was stopped if it was, and what the look for its processes found.
struct AttemptInvocation: Sendable {
    var report: AgentReport
    var stop: StopCause?
    var processes: StopReport
}

/// Runs an agent until it ends, its time is up, or somebody asks it to stop; afterwards nothing of it runs on.
struct AttemptInvoker<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let agent: any Agent
    let sandbox: any Sandbox
    let clock: RunClock
    let timeLimit: Duration
    let stops: AsyncStream<StopCause>
    let record: @Sendable ([UInt8]) async throws -> Void

    /// How long a stopped agent may take to end by itself, so that its cost and its telemetry arrive.
    static var grace: Duration { .seconds(5) }

    private enum Happening: Sendable {
        case ended(Result<AgentReport, any Error>)
        case stop(StopCause)
        case waitedLongEnough
    }

    /// - Throws: `SandboxError` if the agent could not be started, and what recording its stream throws.
    func invoke(_ request: AgentRequest) async throws -> AttemptInvocation {
        let result: Result<AttemptInvocation, any Error> = await withTaskGroup(of: Happening?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    let report = try await agent.run(request, in: sandbox, record: record, observe: { _ in })
                    return .ended(.success(report))
                } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask {
                try? await clock.sleep(for: timeLimit)
                return Task.isCancelled ? nil : .stop(.timeLimit(timeLimit))
            }
            group.addTask {
                for await stop in stops { return .stop(stop) }
                return nil
            }
            while let happening = await group.next() {
                switch happening {
                case .ended(let result):
                    let processes = await sandbox.stop(attempt: request.attempt, grace: .seconds(1))
                    return result.map { AttemptInvocation(report: $0, stop: nil, processes: processes) }
                case .stop(let cause):
                    let processes = await sandbox.stop(attempt: request.attempt, grace: Self.grace)
                    let report = await lastReport(of: &group)
                    return .success(AttemptInvocation(report: report, stop: cause, processes: processes))
                case .waitedLongEnough, nil:
                    continue
                }
            }
            return .failure(CancellationError())
        }
        return try result.get()
    }

    /// The report of an agent whose processes are gone; it must come at once, and if it does not, there is none.
    private func lastReport(of group: inout TaskGroup<Happening?>) async -> AgentReport {
        group.addTask {
            try? await clock.sleep(for: Self.grace)
            return .waitedLongEnough
        }
        let silent = AgentReport(ending: .interrupted, termination: .signaled(9))
        while let next = await group.next() {
            switch next {
            case .ended(.success(let report)): return report
            case .ended(.failure), .waitedLongEnough: return silent
            case .stop, nil: continue
            }
        }
        return silent
    }
}
