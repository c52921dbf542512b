package import Agents
package import FoundationEssentials
package import Journal
import Plans
package import Sandbox
package import Tracing

/// Runs one attempt at one task and records it: prompt, invoke, read the claim, check, decide.
///
/// Everything it works with is handed to it; it prints nothing and installs no signal handler.
package struct TaskRunner<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    private let sandbox: any Sandbox
    private let agent: any Agent
    private let journal: Journal
    private let stateDirectory: String
    /// The workspace as the user names it: a path of this machine, or one in the container.
    private let workspace: String
    private let programVersion: String
    private let tracer: any Tracer
    private let clock: RunClock
    private let retryPause: Duration
    private let tracing: SessionTracing
    private let redact: Redaction

    /// - Parameters:
    ///   - sandbox: Where the agent and the checks run.
    ///   - agent: Who does the work.
    ///   - journal: Where attempts are recorded.
    ///   - stateDirectory: Where streams are kept.
    ///   - workspace: The workspace as the user names it; as commands see it when nil.
    ///   - programVersion: The program's version, for the record.
    ///   - tracer: Makes the spans.
    ///   - clock: What limits are measured by.
    ///   - retryPause: The pause before the first retry.
    ///   - tracing: What of the agent's session goes into spans.
    ///   - redact: Takes secrets out of what goes into journal, spans and result.
    package init(
        sandbox: any Sandbox,
        agent: any Agent,
        journal: Journal,
        stateDirectory: String,
        workspace: String? = nil,
        programVersion: String = "",
        tracer: any Tracer,
        clock: RunClock = .continuous,
        retryPause: Duration = .seconds(2),
        tracing: SessionTracing = SessionTracing(),
        redact: @escaping Redaction = { $0 }
    ) {
        self.sandbox = sandbox
        self.agent = agent
        self.journal = journal
        self.stateDirectory = stateDirectory
        self.workspace = workspace ?? sandbox.workspace
        self.programVersion = programVersion
        self.tracer = tracer
        self.clock = clock
        self.retryPause = retryPause
        self.tracing = tracing
        self.redact = redact
    }

    /// Runs the attempt to its end, and records it.
    ///
    /// - Parameters:
    ///   - preparation: The task, with all that was looked at before.
    ///   - options: What the user asks for.
    ///   - identity: The names of run, attempt and session.
    ///   - continuation: What an answer or a resume goes on with; nil for a new session.
    ///   - dayStart: When the day began whose cost has a limit.
    ///   - parent: The context that the trace joins, such as one from the environment.
    ///   - stops: Requests to stop; the first one counts.
    ///   - observe: Told what happens, in order.
    /// - Returns: What came of it, also when the agent, the model or the sandbox failed.
    /// - Throws: ``PreparationError`` if the task is being run already or the day's limit of cost is reached,
    ///   `JournalError` if the attempt could not be recorded as begun; then nothing was started.
    package func run(
        _ preparation: TaskPreparation,
        options: TaskOptions,
        identity: RunIdentity,
        continuation: Continuation? = nil,
        dayStart: Date = Date(timeIntervalSinceNow: -86_400),
        parent: ServiceContext = .topLevel,
        stops: AsyncStream<StopCause>,
        observe: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> TaskResult {
        let spentToday = try await checkDay(options.limits.costPerDayUSD, since: dayStart)
        let stream = try StreamFile(
            directory: stateDirectory,
            runID: identity.runID,
            attemptNumber: identity.attemptNumber
        )
        // Its lock says that somebody works on the attempt, until the end is recorded.
        defer { try? stream.close() }
        let span = tracer.startAttemptSpan(preparation, identity: identity, parent: parent)
        defer { span.end() }
        let carrier = TraceCarrier(of: span.context, by: tracer)
        let attempt = try record(of: preparation, options, identity, continuation, carrier: carrier, stream: stream)
        try await begin(attempt, preparation, stream)

        let stopSwitch = StopSwitch()
        let listener = Task {
            for await stop in stops {
                await observe(.stopping(stop))
                stopSwitch.request(stop)
            }
        }
        defer { listener.cancel() }
        let started = clock.now
        let progress = AttemptProgress()
        let writer = Task { await progress.write(to: journal, attempt: attempt.id) }
        defer { writer.cancel() }
        let execution = AttemptExecution(
            agent: agent,
            sandbox: sandbox,
            clock: clock,
            tracer: tracer,
            preparation: preparation,
            options: options,
            identity: identity,
            continuation: continuation,
            limits: LimitGuard(options.limits, spentToday: spentToday, stops: stopSwitch, clock: clock),
            stops: stopSwitch,
            retryPolicy: RetryPolicy(retries: options.retries, firstPause: retryPause),
            tracing: tracing,
            redact: redact,
            progress: progress,
            record: { try stream.append($0) },
            observe: observe
        )
        var conclusion = await execution.run(under: span.context)
        // The end has all of it, and nothing may be written after that.
        writer.cancel()
        await writer.value
        conclusion.notes += try await neighbours(of: attempt)
        let result = TaskResult(
            conclusion,
            of: attempt,
            duration: started.duration(to: clock.now),
            preparation: preparation,
            workspace: workspace
        )
        span.record(result)
        return await finish(attempt, with: result, progress.tally.operations)
    }

    /// What other attempts have cost today.
    ///
    /// - Throws: ``PreparationError`` if that is the day's limit already.
    private func checkDay(_ limit: Double?, since dayStart: Date) async throws -> Double {
        guard let limit, !agent.isReplay else { return 0 }
        let spent = try await journal.cost(since: dayStart)
        guard spent < limit else {
            throw PreparationError(
                exitCode: .limitReached,
                message:
                    "Nothing was started: today's attempts have cost $\(spent.asMoney), and the limit of the day is "
                    + "$\(limit.asMoney).",
                remedy: "wait for tomorrow, or raise --max-cost-per-day"
            )
        }
        return spent
    }

    /// Records the attempt as begun.
    ///
    /// - Throws: ``PreparationError`` if another attempt is at the same task, or has taken the same question.
    private func begin(_ attempt: AttemptRecord, _ preparation: TaskPreparation, _ stream: StreamFile) async throws {
        let plan = PlanRecord(
            hash: preparation.plan.contentHash,
            path: preparation.planPath,
            content: Data(preparation.planContent),
            firstSeen: attempt.startedAt
        )
        do {
            try await journal.begin(attempt, plan: plan)
        } catch let conflict as AttemptConflict {
            stream.discard()
            throw PreparationError(conflict, taskID: attempt.taskID, plan: attempt.planFile)
        } catch {
            stream.discard()
            throw error
        }
    }

    private func record(
        of preparation: TaskPreparation,
        _ options: TaskOptions,
        _ identity: RunIdentity,
        _ continuation: Continuation?,
        carrier: TraceCarrier,
        stream: StreamFile
    ) throws -> AttemptRecord {
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
            stream: stream.path,
            planPath: preparation.planPath,
            planHash: preparation.plan.contentHash,
            workspace: workspace,
            sessionID: identity.sessionID,
            continues: continuation?.previous.id,
            programVersion: programVersion,
            agentVersion: preparation.agent.version,
            options: try JSONText.of(options),
            answer: continuation?.answer.map(redact)
        )
    }

    /// A note about attempts that work in the same workspace at the end of this one: their changes look like its own.
    private func neighbours(of attempt: AttemptRecord) async throws -> [String] {
        let others = try await journal.openAttempts().filter { other in
            other.id != attempt.id && other.workspace == attempt.workspace && other.sandbox == attempt.sandbox
                && other.container == attempt.container && journal.isAlive(other)
        }
        guard !others.isEmpty else { return [] }
        let names = others.map { "\($0.runID) (task \($0.taskID))" }.joined(separator: ", ")
        return ["At work in the same workspace at the same time: \(names); what it changed may be counted here."]
    }

    /// Records the end.
    ///
    /// A journal that cannot be written now does not take the result away; it is said instead.
    private func finish(
        _ attempt: AttemptRecord,
        with result: TaskResult,
        _ operations: AttemptOperations
    ) async -> TaskResult {
        var attempt = attempt
        do {
            attempt.end = try AttemptRecord.End(result)
            try await journal.finish(attempt, usage: result.usageRecords, operations: operations)
            return result
        } catch {
            var result = result
            result.notes.append("The end of this attempt could not be written to the journal: \(error)")
            return result
        }
    }
}
