import Agents
import FoundationEssentials
import Sandbox

/// What one invocation of the agent came to: its report or what broke, why it was stopped, and what the look for its
/// processes found.
struct AttemptInvocation: Sendable {
    /// A failure is a `SandboxError` if the agent could not be started, or what recording its stream threw.
    var report: Result<AgentReport, any Error>
    var stop: StopCause?
    var processes: StopReport
}

/// Runs the agent once until it ends, reaches a limit, or somebody asks it to stop; afterwards nothing of it runs on.
struct AttemptInvoker<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let agent: any Agent
    let sandbox: any Sandbox
    let clock: RunClock
    /// What is left of the attempt's wall time.
    let timeLeft: Duration
    /// The whole of it, for the words.
    let timeLimit: Duration
    /// When the attempt began: processes that are older are not its own.
    let attemptStart: Date
    let limits: LimitGuard<RunClock>
    let stops: StopSwitch
    let record: @Sendable ([UInt8]) async throws -> Void
    let observe: @Sendable (AgentEvent) async -> Void

    /// How long a stopped agent may take to end by itself, so that its cost and its telemetry arrive.
    private static var grace: Duration { .seconds(5) }

    func invoke(_ request: AgentRequest) async -> AttemptInvocation {
        limits.beginInvocation()
        let work = StoppableWork<StopCause, RunClock>(
            clock: clock,
            watchers: [
                { await stops.wait() },
                { await limits.waitForSilence() },
                {
                    do { try await clock.sleep(for: timeLeft) } catch { return nil }
                    return .timeLimit(timeLimit)
                },
            ],
            stop: { await sandbox.stop(attempt: request.attempt, since: attemptStart, grace: Self.grace) }
        )
        let ended = await work.run {
            try await agent.run(request, in: sandbox, record: record, observe: observe)
        }
        if let stop = ended.reason {
            stops.request(stop)
            let silent = AgentReport(ending: .interrupted, termination: .signaled(9))
            let report: AgentReport = if case .success(let report)? = ended.result { report } else { silent }
            return AttemptInvocation(report: .success(report), stop: stop, processes: ended.processes ?? StopReport())
        }
        let processes = await sandbox.stop(attempt: request.attempt, since: attemptStart, grace: .seconds(1))
        return AttemptInvocation(
            report: ended.result ?? .failure(CancellationError()),
            stop: nil,
            processes: processes
        )
    }
}
