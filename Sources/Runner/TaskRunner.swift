package import Agents
import FoundationEssentials
package import Journal
import Plans
package import Sandbox
package import Tracing

/// What the user asks of an attempt.
package struct TaskOptions: Sendable, Equatable {
    /// What is added to the prompt.
    package var guidance: String?
    /// The model, or nil for the agent's default.
    package var model: String?
    /// The limit of turns.
    package var maxTurns: Int
    /// The limit of wall time.
    package var timeLimit: Duration
    /// The tools that the agent may use unasked.
    package var allowedTools: [String]
    /// Whether settings in the workspace are loaded.
    package var trustsWorkspace: Bool

    package init(
        guidance: String? = nil,
        model: String? = nil,
        maxTurns: Int = 50,
        timeLimit: Duration = .seconds(600),
        allowedTools: [String] = ["Bash", "Read", "Write", "Edit", "Glob", "Grep"],
        trustsWorkspace: Bool = false
    ) {
        self.guidance = guidance
        self.model = model
        self.maxTurns = maxTurns
        self.timeLimit = timeLimit
        self.allowedTools = allowedTools
        self.trustsWorkspace = trustsWorkspace
    }
}

/// Runs one attempt at one task: prompt, invoke, read the claim, decide, record.
///
/// Everything it works with is handed to it; it prints nothing and installs no signal handler.
package struct TaskRunner<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    private let sandbox: any Sandbox
    private let agent: any Agent
    private let journal: Journal
    private let stateDirectory: String
    private let tracer: any Tracer
    private let clock: RunClock

    package init(
        sandbox: any Sandbox,
        agent: any Agent,
        journal: Journal,
        stateDirectory: String,
        tracer: any Tracer,
        clock: RunClock = .continuous
    ) {
        self.sandbox = sandbox
        self.agent = agent
        self.journal = journal
        self.stateDirectory = stateDirectory
        self.tracer = tracer
        self.clock = clock
    }

    /// Runs the attempt to its end, and records it.
    ///
    /// - Parameters:
    ///   - preparation: The task, with all that was looked at before.
    ///   - options: What the user asks for.
    ///   - identity: The names of run, attempt and session.
    ///   - parent: The context that the trace joins, such as one from the environment.
    ///   - stops: Requests to stop; the first one counts.
    /// - Returns: What came of it, also when the agent, the model or the sandbox failed.
    /// - Throws: `JournalError` if the attempt could not be recorded as begun; then nothing was started.
    package func run(
        _ preparation: TaskPreparation,
        options: TaskOptions,
        identity: RunIdentity,
        parent: ServiceContext = .topLevel,
        stops: AsyncStream<StopCause>
    ) async throws -> TaskResult {
        let stream = try StreamFile(directory: stateDirectory, runID: identity.runID)
        let span = tracer.startAttemptSpan(preparation, identity: identity, parent: parent)
        defer { span.end() }
        let carrier = TraceCarrier(of: span.context, by: tracer)
        let attempt = record(of: preparation, identity: identity, carrier: carrier, stream: stream)
        try await journal.begin(attempt)

        let started = clock.now
        let outcome = await invoke(preparation, options, identity, span: span, stream: stream, stops: stops)
        let result = TaskResult(
            outcome,
            duration: started.duration(to: clock.now),
            preparation: preparation,
            identity: identity,
            isReplayed: agent.isReplay,
            traceID: carrier.traceID,
            stream: stream.path
        )
        span.record(result)
        return await finish(attempt, with: result)
    }

    /// Invokes the agent under a span of its own.
    ///
    /// A sandbox that breaks is an outcome here, not an error.
    private func invoke(
        _ preparation: TaskPreparation,
        _ options: TaskOptions,
        _ identity: RunIdentity,
        span parent: any Span,
        stream: StreamFile,
        stops: AsyncStream<StopCause>
    ) async -> AttemptOutcome {
        let span = tracer.startAgentSpan(agent, preparation.agent, options: options, parent: parent.context)
        defer { span.end() }
        let request = AgentRequest(
            prompt: Prompt.text(
                for: preparation.task,
                of: preparation.plan,
                guidance: options.guidance,
                hasTaskCommand: preparation.agent.hasTaskCommand
            ),
            model: options.model,
            maxTurns: options.maxTurns,
            allowedTools: options.allowedTools,
            sessionID: identity.sessionID,
            trustWorkspace: options.trustsWorkspace,
            environment: TraceCarrier(of: span.context, by: tracer).environment,
            attempt: identity.attemptID
        )
        let invoker = AttemptInvoker(
            agent: agent,
            sandbox: sandbox,
            clock: clock,
            timeLimit: options.timeLimit,
            stops: stops,
            record: { try stream.append($0) }
        )
        let invocation = await invoker.invoke(request)
        let attempt = AttemptOutcome(invocation)
        span.record(invocation.report, outcome: attempt.outcome)
        return attempt
    }

    private func record(
        of preparation: TaskPreparation,
        identity: RunIdentity,
        carrier: TraceCarrier,
        stream: StreamFile
    ) -> AttemptRecord {
        AttemptRecord(
            id: identity.attemptID,
            runID: identity.runID,
            number: identity.attemptNumber,
            planFile: preparation.plan.file,
            milestoneID: preparation.plan.milestone.id,
            taskID: preparation.task.id,
            taskTitle: preparation.task.title,
            agent: agent.name,
            sandbox: sandbox.kind.rawValue,
            container: preparation.sandbox.containerName,
            isReplayed: agent.isReplay,
            processID: ProcessInfo.processInfo.processIdentifier,
            startedAt: identity.startedAt,
            traceID: carrier.traceID,
            stream: stream.path
        )
    }

    /// Records the end.
    ///
    /// A journal that cannot be written now does not take the result away; it is said instead.
    private func finish(_ attempt: AttemptRecord, with result: TaskResult) async -> TaskResult {
        var attempt = attempt
        attempt.end = AttemptRecord.End(result, at: Date())
        do {
            try await journal.finish(attempt, usage: result.usageRecords(ofAttempt: attempt.id))
            return result
        } catch {
            var result = result
            result.notes.append("The end of this attempt could not be written to the journal: \(error)")
            return result
        }
    }
}
