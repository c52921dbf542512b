import Agents
import Sandbox

/// What invoking the agent came to: its report or what broke, why it was stopped, and what the look for its processes found.
struct AttemptInvocation: Sendable {
    /// A failure is a `SandboxError` if the agent could not be started, or what recording its stream threw.
    var report: Result<AgentReport, any Error>
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

    func invoke(_ request: AgentRequest) async -> AttemptInvocation {
        await withTaskGroup(of: Happening?.self) { group in
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
                case .ended(let report):
                    let processes = await sandbox.stop(attempt: request.attempt, grace: .seconds(1))
                    return AttemptInvocation(report: report, stop: nil, processes: processes)
                case .stop(let cause):
                    let processes = await sandbox.stop(attempt: request.attempt, grace: Self.grace)
                    let report = await lastReport(of: &group)
                    return AttemptInvocation(report: .success(report), stop: cause, processes: processes)
                case .waitedLongEnough, nil:
                    continue
                }
            }
            return AttemptInvocation(report: .failure(CancellationError()), stop: nil, processes: StopReport())
        }
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
