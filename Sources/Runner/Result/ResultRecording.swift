package import Agents
import FoundationEssentials
package import Journal
import Plans
import Sandbox

extension TaskResult {
    /// Brings together what is known of an attempt after its end.
    init(
        _ attempt: AttemptConclusion,
        of record: AttemptRecord,
        duration: Duration,
        preparation: TaskPreparation,
        workspace: String
    ) {
        let outcome = attempt.outcome
        let needsHuman = outcome.status == .needsHuman
        self.init(
            taskID: record.taskID,
            taskTitle: record.taskTitle,
            planFile: record.planFile,
            planPath: preparation.planPath,
            planHash: preparation.plan.contentHash,
            status: outcome.status,
            cause: outcome.cause,
            exitCode: outcome.exitCode,
            claim: attempt.claim.status,
            verification: attempt.verification,
            changes: attempt.changes,
            startedAt: record.startedAt,
            duration: duration,
            usage: attempt.usage,
            costUSD: attempt.costUSD,
            isCostEstimated: attempt.isCostEstimated,
            turns: attempt.turns,
            retries: attempt.retries,
            fixes: attempt.fixes,
            output: attempt.report.finalText,
            sessionID: attempt.report.sessionID ?? record.sessionID ?? "",
            question: needsHuman ? attempt.claim.question : nil,
            options: needsHuman ? attempt.claim.options : nil,
            recommendation: needsHuman ? attempt.claim.recommendation : nil,
            error: outcome.error,
            advice: outcome.advice?.replacing("resume RUN", with: "resume \(record.runID)"),
            resumesAt: outcome.resumesAt,
            isReplayed: record.isReplayed,
            runID: record.runID,
            attemptNumber: record.number,
            continues: record.continues,
            sandbox: record.sandbox,
            container: record.container,
            workspace: workspace,
            processes: attempt.processes,
            traceID: record.traceID,
            stream: record.stream,
            notes: attempt.allNotes
        )
    }

    /// What the attempt used, as the journal keeps it: one record a model.
    var usageRecords: [UsageRecord] { usage.map { UsageRecord($0, ofAttempt: attemptID) } }
}

extension UsageRecord {
    /// What an attempt used of one model.
    init(_ usage: ModelUsage, ofAttempt id: String) {
        self.init(
            attemptID: id,
            model: usage.model,
            inputTokens: usage.inputTokens,
            outputTokens: usage.outputTokens,
            cacheReadTokens: usage.cacheReadTokens,
            cacheCreationTokens: usage.cacheCreationTokens,
            thinkingTokens: usage.thinkingTokens,
            costUSD: usage.costUSD
        )
    }

    /// The same as the agent's side has it.
    package var modelUsage: ModelUsage {
        ModelUsage(
            model: model,
            inputTokens: inputTokens,
            outputTokens: outputTokens,
            cacheReadTokens: cacheReadTokens,
            cacheCreationTokens: cacheCreationTokens,
            thinkingTokens: thinkingTokens,
            costUSD: costUSD
        )
    }
}

extension Journal {
    /// What the agent's own cumulative count of a session has, by model.
    package func modelUsage(ofSession id: String) async throws -> [ModelUsage] {
        try await usage(ofSession: id).sorted { $0.key < $1.key }
            .map { model, used in
                ModelUsage(
                    model: model,
                    inputTokens: used.inputTokens,
                    outputTokens: used.outputTokens,
                    cacheReadTokens: used.cacheReadTokens,
                    cacheCreationTokens: used.cacheCreationTokens,
                    thinkingTokens: used.thinkingTokens,
                    costUSD: used.costUSD
                )
            }
    }
}

extension AttemptRecord.End {
    init(_ result: TaskResult) throws {
        self.init(
            at: result.startedAt.addingTimeInterval(result.duration.inSeconds),
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
            error: result.error,
            isCostEstimated: result.isCostEstimated,
            resumeAt: result.resumesAt,
            advice: result.advice,
            notes: result.notes,
            verification: try JSONText.of(result.verification),
            changes: try JSONText.of(result.changes),
            processes: try JSONText.of(ProcessesFound(result.processes)),
            retries: result.retries,
            fixes: result.fixes
        )
    }
}

/// Values of ours as the journal keeps them: JSON with sorted keys.
package enum JSONText {
    /// The JSON of a value.
    package static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The value of a JSON text, or nil if it is none of this type.
    package static func value<Value: Decodable>(_ type: Value.Type, of text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
