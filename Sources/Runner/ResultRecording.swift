import Agents
import FoundationEssentials
import Journal
import Plans

extension TaskResult {
    /// Brings together what is known of an attempt after its end.
    init(
        _ attempt: AttemptOutcome,
        duration: Duration,
        preparation: TaskPreparation,
        identity: RunIdentity,
        isReplayed: Bool,
        traceID: String?,
        stream: String
    ) {
        let needsHuman = attempt.outcome.status == .needsHuman
        self.init(
            taskID: preparation.task.id,
            taskTitle: preparation.task.title,
            status: attempt.outcome.status,
            cause: attempt.outcome.cause,
            exitCode: attempt.outcome.exitCode,
            claim: attempt.claim.status,
            verdict: .unchecked,
            duration: duration,
            usage: attempt.report.usage,
            costUSD: attempt.report.costUSD,
            turns: attempt.report.turns,
            output: attempt.report.finalText,
            sessionID: attempt.report.sessionID ?? identity.sessionID,
            question: needsHuman ? attempt.claim.question : nil,
            options: needsHuman ? attempt.claim.options : nil,
            recommendation: needsHuman ? attempt.claim.recommendation : nil,
            error: attempt.outcome.error,
            advice: attempt.outcome.advice,
            isReplayed: isReplayed,
            runID: identity.runID,
            traceID: traceID,
            stream: stream,
            notes: attempt.notes
        )
    }

    /// What the attempt used, as the journal keeps it: one record a model.
    func usageRecords(ofAttempt id: String) -> [UsageRecord] {
        usage.map { usage in
            UsageRecord(
                attemptID: id,
                model: usage.model,
                inputTokens: usage.inputTokens,
                outputTokens: usage.outputTokens,
                cacheReadTokens: usage.cacheReadTokens,
                cacheCreationTokens: usage.cacheCreationTokens,
                costUSD: usage.costUSD
            )
        }
    }
}

extension AttemptRecord.End {
    init(_ result: TaskResult, at date: Date) {
        self.init(
            at: date,
            milliseconds: result.duration.inMilliseconds,
            status: result.status.rawValue,
            cause: result.cause.rawValue,
            exitCode: result.exitCode.rawValue,
            claim: result.claim?.rawValue,
            verdict: result.verdict.rawValue,
            sessionID: result.sessionID,
            costUSD: result.costUSD,
            turns: result.turns,
            output: result.output,
            question: result.question,
            options: result.options,
            recommendation: result.recommendation,
            error: result.error
        )
    }
}
