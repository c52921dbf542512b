import Agents
import FoundationEssentials
import Plans
import Sandbox
import Tracing

/// One attempt from its first invocation to its last check: invoke, read the claim, check, and once more where that helps.
struct AttemptExecution<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let agent: any Agent
    let sandbox: any Sandbox
    let clock: RunClock
    let tracer: any Tracer
    let preparation: TaskPreparation
    let options: TaskOptions
    let identity: RunIdentity
    /// What an answer or a resume continues; nil for a new session.
    let continuation: Continuation?
    let limits: LimitGuard<RunClock>
    let stops: StopSwitch
    let retryPolicy: RetryPolicy
    let tracing: SessionTracing
    let redact: Redaction
    /// Told what has been used and done until now.
    let progress: AttemptProgress
    let record: @Sendable ([UInt8]) async throws -> Void
    let observe: @Sendable (RunEvent) async -> Void

    /// How often one attempt waits for a usage limit; unknown resets are looked for every 15 minutes, five hours in all.
    private static var longestQueue: Int { 20 }

    /// How an invocation comes about.
    private struct Next {
        var prompt: String
        var reason: InvocationReason
        var continuesSession: Bool
    }

    /// Runs it under the attempt's span.
    func run(under parent: ServiceContext) async -> AttemptConclusion {
        let tracker = WorkspaceTracker(
            sandbox: sandbox,
            attempt: identity.attemptID,
            excludedPaths: options.excludedPaths,
            clock: clock
        )
        let before = await tracker.snapshot()
        var conclusion = AttemptConclusion(redact: redact)
        conclusion.sessionUsage = continuation?.sessionUsage ?? []
        var next: Next? = first
        let started = clock.now
        var waited = Duration.zero
        while let invocation = next {
            let left = options.limits.time - (started.duration(to: clock.now) - waited)
            await invoke(invocation, timeLeft: left, into: &conclusion, under: parent)
            if conclusion.outcome.cause == .claimedComplete {
                await judge(&conclusion, tracker, since: before, under: parent)
            }
            next = following(&conclusion)
            guard let reason = next?.reason else { break }
            let pauseStart = clock.now
            if await !pause(for: reason, &conclusion) { next = nil }
            if reason == .usageLimit { waited += pauseStart.duration(to: clock.now) }
        }
        if conclusion.changes.kind == .unknown {
            let patience =
                stops.cause == nil ? WorkspaceTracker<RunClock>.patience : WorkspaceTracker<RunClock>.shortPatience
            conclusion.changes = await tracker.changes(since: before, within: patience)
        }
        await tracker.clear()
        return conclusion
    }

    private var first: Next {
        if let continuation {
            return Next(
                prompt: continuation.prompt,
                reason: .continuation,
                continuesSession: continuation.continuesSession
            )
        }
        return Next(prompt: taskPrompt, reason: .first, continuesSession: false)
    }

    private var taskPrompt: String {
        Prompt.text(
            for: preparation.task,
            of: preparation.plan,
            guidance: options.guidance,
            hasTaskCommand: preparation.agent.hasTaskCommand
        )
    }

    /// Invokes the agent under a span of its own; a sandbox that breaks is an outcome here, not an error.
    private func invoke(
        _ next: Next,
        timeLeft: Duration,
        into conclusion: inout AttemptConclusion,
        under parent: ServiceContext
    ) async {
        let number = conclusion.invocations + 1
        await observe(.invocationStarted(number: number, reason: next.reason))
        let span = tracer.startAgentSpan(agent, preparation.agent, options: options, parent: parent)
        span.attributes["orchestrator.invocation"] = number
        span.attributes["orchestrator.invocation.reason"] = next.reason.word
        defer { span.end() }
        let spans = SessionSpans(
            tracer: tracer,
            session: span,
            sessionID: identity.sessionID,
            agent: agent,
            tracing: tracing,
            redact: redact,
            tally: progress.tally
        )
        spans.capture(prompt: next.prompt)
        let request = AgentRequest(
            prompt: next.prompt,
            model: options.model,
            maxTurns: limits.turnsLeft,
            allowedTools: options.allowedTools,
            sessionID: identity.sessionID,
            continuesSession: next.continuesSession,
            maxCostUSD: limits.costLeft.map { max($0, 0.000_001) },
            earlierUsage: conclusion.sessionUsage,
            invocation: number,
            trustWorkspace: options.trustsWorkspace,
            environment: sandboxEnvironment(in: span.context),
            telemetryEndpoint: tracing.agentEndpoint,
            attempt: identity.attemptID
        )
        // What was seen after an earlier invocation does not hold any more.
        conclusion.changes = WorkspaceChanges()
        conclusion.verification = Verification()
        let began = Date()
        let invocation = await invoker(timeLeft: timeLeft, spans).invoke(request)
        spans.close()
        let recovered = await recoverUsage(of: invocation, since: began, request)
        conclusion.take(invocation, live: limits.liveUsage, recovered: recovered)
        // An agent that was cut off with its sandbox has reported nothing, but its session is there.
        conclusion.hasSession = conclusion.hasSession || limits.hasSession
        limits.endInvocation(having: conclusion.usage)
        if case .success(let report) = invocation.report, report.ending == .finished { stops.withdrawLimit() }
        span.record(invocation.report, outcome: conclusion.outcome, conventions: tracing.conventions)
        await recordEnd(of: invocation, number: number, &conclusion)
    }

    /// What the agent's own record tells of an invocation that was cut off from us; nil for all others.
    private func recoverUsage(
        of invocation: AttemptInvocation,
        since began: Date,
        _ request: AgentRequest
    ) async -> RecoveredUsage? {
        guard case .failure = invocation.report, !agent.isReplay, !limits.liveUsage.isEmpty else { return nil }
        return await agent.recoverUsage(
            session: request.sessionID,
            since: began,
            earlierUsage: request.earlierUsage,
            in: sandbox
        )
    }

    private func invoker(timeLeft: Duration, _ spans: SessionSpans) -> AttemptInvoker<RunClock> {
        AttemptInvoker(
            agent: agent,
            sandbox: sandbox,
            clock: clock,
            timeLeft: timeLeft,
            timeLimit: options.limits.time,
            attemptStart: identity.startedAt,
            limits: limits,
            stops: stops,
            record: record,
            observe: { event in
                if case .operation(let operation) = event {
                    spans.take(operation)
                    return progress.recordOperations()
                }
                if limits.observe(event) { progress.record(limits.usage) }
                await observe(.agent(event))
            }
        )
    }

    /// What processes in the sandbox learn of the trace that they belong to.
    private func sandboxEnvironment(in context: ServiceContext) -> [String: String] {
        var environment = TraceCarrier(of: context, by: tracer).environment
        let attributes = tracing.resourceAttributes(of: identity, taskID: preparation.task.id)
        environment["OTEL_RESOURCE_ATTRIBUTES"] = attributes
        return environment
    }

    /// Writes down how an invocation ended, so that a replay can end it alike.
    private func recordEnd(
        of invocation: AttemptInvocation,
        number: Int,
        _ conclusion: inout AttemptConclusion
    ) async {
        guard !agent.isReplay else { return }
        let end =
            switch invocation.report {
            case .success(let report):
                InvocationEnd(number: number, exitCode: report.termination.code, stop: invocation.stop?.cause.rawValue)
            case .failure: InvocationEnd(number: number, exitCode: 1, stop: conclusion.outcome.cause.rawValue)
            }
        do {
            try await record(end.line)
        } catch {
            conclusion.notes.append("The end of the stream could not be written: \(error)")
        }
    }

    /// Checks what the agent claims to have completed.
    private func judge(
        _ conclusion: inout AttemptConclusion,
        _ tracker: WorkspaceTracker<RunClock>,
        since before: WorkspaceSnapshot?,
        under parent: ServiceContext
    ) async {
        conclusion.changes = await tracker.changes(since: before)
        let runner = CheckRunner(
            sandbox: sandbox,
            attempt: identity.attemptID,
            clock: clock,
            timeLimit: options.checkTimeLimit,
            stops: stops,
            environment: sandboxEnvironment(in: parent),
            redact: redact
        )
        let verifier = Verifier(runner, tracer: tracer) { await observe(.checked($0)) }
        conclusion.verification = await verifier.verify(preparation.task, under: parent)
        if let stop = stops.cause {
            // Nobody waits for the rest of the checks; claim and verdict say what is known.
            conclusion.outcome = .decide(stop)
        } else if conclusion.verification.verdict == .failed {
            conclusion.outcome = Outcome(.contradicted, conclusion.verification.contradiction)
        } else if conclusion.verification.verdict == .unchecked, conclusion.changes.isKnownEmpty {
            conclusion.outcome = Outcome(.noChange)
        }
    }

    /// What comes after an invocation, or nil if the attempt is at its end.
    private func following(_ conclusion: inout AttemptConclusion) -> Next? {
        let cause = conclusion.outcome.cause
        if cause == .usageLimit, options.waitsForUsageLimit, conclusion.waits < Self.longestQueue {
            stops.withdrawLimit()
            guard stops.cause == nil else { return nil }
            conclusion.waits += 1
            return goingOn(conclusion, reason: .usageLimit)
        }
        guard stops.cause == nil else { return nil }
        if cause == .contradicted || cause == .noChange, conclusion.fixes < options.fixes {
            conclusion.fixes += 1
            return Next(prompt: Prompt.fix(conclusion.verification), reason: .fix, continuesSession: true)
        }
        guard conclusion.canBeRetried, conclusion.retries < retryPolicy.retries else { return nil }
        conclusion.retries += 1
        return goingOn(conclusion, reason: .retry(cause))
    }

    private func goingOn(_ conclusion: AttemptConclusion, reason: InvocationReason) -> Next {
        let continues = conclusion.hasSession || continuation?.continuesSession == true
        return Next(
            prompt: continues ? Prompt.goOn(after: reason) : first.prompt,
            reason: reason,
            continuesSession: continues
        )
    }

    /// Waits before another invocation where that is wanted.
    ///
    /// - Returns: Whether the attempt may go on.
    private func pause(for reason: InvocationReason, _ conclusion: inout AttemptConclusion) async -> Bool {
        let pause: Duration
        switch reason {
        case .first, .continuation, .fix: return true
        case .retry(let cause):
            var random = SystemRandomNumberGenerator()
            pause = retryPolicy.pause(before: conclusion.retries, random: &random)
            conclusion.notes.append(
                "\(cause.row.words); tried again (\(conclusion.retries) of \(retryPolicy.retries))."
            )
        case .usageLimit:
            pause = conclusion.outcome.resumesAt.map { $0.fromNow + .seconds(5) } ?? .seconds(900)
            conclusion.notes.append("Waited \(pause.inWords) for the account's usage limit.")
        }
        await observe(.waiting(until: pause.fromNow, reason: reason))
        if await stops.sleep(agent.isReplay ? .zero : pause, on: clock) { return true }
        if let stop = stops.cause { conclusion.outcome = .decide(stop) }
        return false
    }
}
