package import Agents
import FoundationEssentials
package import Journal
package import Sandbox

/// Finds attempts whose runner was killed, ends what they have left running, and closes them in the journal.
///
/// Safe beside runners and other reapers: an attempt is touched only by who holds its stream's lock.
package struct Reaper: Sendable {
    private let journal: Journal
    private let makeSandbox: @Sendable (AttemptRecord) -> (any Sandbox)?
    private let agent: any Agent

    /// How long the agent may take to end by itself, so that its cost arrives.
    private static let grace = Duration.seconds(5)

    /// - Parameters:
    ///   - journal: Where the attempts are.
    ///   - agent: Tells what a session has used.
    ///   - makeSandbox: Makes the sandbox that an attempt ran in, or nil if there is none of that kind.
    package init(
        journal: Journal,
        agent: any Agent,
        makeSandbox: @escaping @Sendable (AttemptRecord) -> (any Sandbox)?
    ) {
        self.journal = journal
        self.agent = agent
        self.makeSandbox = makeSandbox
    }

    /// Looks at every attempt that has no end, and closes those whose runner is gone.
    ///
    /// - Returns: What was done, an entry an attempt; attempts whose runner lives are not in it.
    /// - Throws: What the journal throws.
    package func reap() async throws -> [ReapedAttempt] {
        var reaped: [ReapedAttempt] = []
        for attempt in try await journal.openAttempts() {
            guard !journal.isAlive(attempt), let lock = try StreamFile.adopt(attempt.stream) else { continue }
            defer { try? lock.close() }
            // Between the look and the lock its runner, or another reaper, may have closed it.
            guard let current = try await journal.attempt(attempt.id), current.end == nil else { continue }
            reaped.append(try await close(current, lock))
        }
        return reaped
    }

    private func close(_ attempt: AttemptRecord, _ stream: StreamFile) async throws -> ReapedAttempt {
        guard let sandbox = makeSandbox(attempt) else {
            return ReapedAttempt(attempt, obstacle: "there is no sandbox of the kind \(attempt.sandbox)")
        }
        let processes = await sandbox.stop(attempt: attempt.id, since: nil, grace: Self.grace)
        guard processes.isClean else {
            let left = ProcessText.sentence(on: processes, wasStopped: true)
            return ReapedAttempt(attempt, processes: processes, obstacle: left ?? "processes are left")
        }
        let used = try await usage(of: attempt, in: sandbox)
        let tracker = WorkspaceTracker(
            sandbox: sandbox,
            attempt: attempt.id,
            excludedPaths: [],
            clock: ContinuousClock()
        )
        await tracker.clear()
        var closed = attempt
        let end = try end(of: attempt, used, processes)
        closed.end = end
        var operations = try await journal.operations(ofOpen: attempt.id)
        operations.endOpen(at: end.at, errorType: OperationEnd.processKilled)
        // So that a replay ends alike; a stream that cannot be written to is no reason to leave the attempt open.
        try? stream.append(Self.streamEnd.line)
        try await journal.finish(
            closed,
            usage: used.usage.map { UsageRecord($0, ofAttempt: attempt.id) },
            operations: operations
        )
        return ReapedAttempt(closed, processes: processes)
    }

    /// What the stream says at the end of an attempt whose runner was killed.
    private static var streamEnd: InvocationEnd {
        InvocationEnd(number: 0, exitCode: ExitCode.killed.rawValue, stop: Cause.interrupted.rawValue)
    }

    /// What the attempt has used: by the agent's own record, else by what its runner saw last, which is an estimate.
    private func usage(of attempt: AttemptRecord, in sandbox: any Sandbox) async throws -> RecoveredUsage {
        let nothing = RecoveredUsage(usage: [], costUSD: 0, isEstimated: false)
        guard !attempt.isReplayed, let session = attempt.sessionID else { return nothing }
        let earlier = try await journal.modelUsage(ofSession: session)
        let recovered = await agent.recoverUsage(
            session: session,
            since: attempt.startedAt,
            earlierUsage: earlier,
            in: sandbox
        )
        if let recovered { return recovered }
        let seen = try await journal.usage(ofAttempt: attempt.id).map(\.modelUsage)
        return RecoveredUsage(usage: seen, costUSD: seen.total.costUSD, isEstimated: !seen.isEmpty)
    }

    private func end(
        of attempt: AttemptRecord,
        _ used: RecoveredUsage,
        _ processes: StopReport
    ) throws -> AttemptRecord.End {
        let last = max(attempt.startedAt, StreamFile.lastWritten(attempt.stream) ?? attempt.startedAt)
        var notes = ["Closed at \(Date().inISO8601): the runner was gone without having recorded an end."]
        if let sentence = ProcessText.sentence(on: processes, wasStopped: true) { notes.append(sentence) }
        if used.isEstimated { notes.append("Tokens and cost are an estimate from what was seen of the session.") }
        return AttemptRecord.End(
            at: last,
            milliseconds: Int(last.timeIntervalSince(attempt.startedAt) * 1000),
            status: TaskStatus.failed.rawValue,
            cause: Cause.interrupted.rawValue,
            exitCode: ExitCode.killed.rawValue,
            verdict: Verdict.unchecked.rawValue,
            sessionID: attempt.sessionID,
            costUSD: used.usage.isEmpty && used.costUSD == 0 ? nil : used.costUSD,
            turns: used.turns ?? 0,
            error: "Interrupted: orchestrator itself was killed (process \(attempt.processID)).",
            isCostEstimated: used.isEstimated,
            advice: "orchestrator resume \(attempt.runID) goes on from here.",
            notes: notes,
            processes: try JSONText.of(ProcessesFound(processes))
        )
    }
}

/// What was done about an attempt whose runner is gone.
package struct ReapedAttempt: Sendable, Equatable {
    /// The attempt; it has its end unless there was an obstacle.
    package var attempt: AttemptRecord
    /// What was found running.
    package var processes: StopReport
    /// Why it could not be closed; nil if it was.
    package var obstacle: String?

    init(_ attempt: AttemptRecord, processes: StopReport = StopReport(), obstacle: String? = nil) {
        self.attempt = attempt
        self.processes = processes
        self.obstacle = obstacle
    }
}
