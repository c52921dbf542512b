import Foundation
package import GRDB

extension AttemptRecord: FetchableRecord, PersistableRecord {
    package static let databaseTableName = "attempt"

    package init(row: Row) throws {
        self.init(
            id: row["id"],
            runID: row["run_id"],
            number: row["number"],
            planFile: row["plan_file"],
            milestoneID: row["milestone_id"],
            taskID: row["task_id"],
            taskTitle: row["task_title"],
            agent: row["agent"],
            sandbox: row["sandbox"],
            container: row["container"],
            isReplayed: row["replayed"],
            processID: row["process_id"],
            startedAt: Date(unixMilliseconds: row["started_at"]),
            traceID: row["trace_id"],
            stream: row["stream"],
            planPath: row["plan_path"],
            planHash: row["plan_hash"],
            workspace: row["workspace"],
            sessionID: row["session_id"],
            continues: row["continues"],
            programVersion: row["program_version"],
            agentVersion: row["agent_version"],
            options: row["task_options"],
            answer: row["answer"],
            end: try End(row: row)
        )
    }

    package func encode(to container: inout PersistenceContainer) throws {
        container["id"] = id
        container["run_id"] = runID
        container["number"] = number
        container["plan_file"] = planFile
        container["milestone_id"] = milestoneID
        container["task_id"] = taskID
        container["task_title"] = taskTitle.withoutNUL
        container["agent"] = agent
        container["sandbox"] = sandbox
        container["container"] = self.container
        container["replayed"] = isReplayed
        container["process_id"] = processID
        container["started_at"] = startedAt.unixMilliseconds
        container["trace_id"] = traceID
        container["stream"] = stream
        container["plan_path"] = planPath
        container["plan_hash"] = planHash
        container["workspace"] = workspace
        container["session_id"] = (end?.sessionID ?? sessionID)?.withoutNUL
        container["continues"] = continues
        container["program_version"] = programVersion
        container["agent_version"] = agentVersion?.withoutNUL
        container["task_options"] = options
        container["answer"] = answer?.withoutNUL
        try end?.encode(to: &container)
    }
}

extension AttemptRecord.End {
    /// Reads the columns that are set at the end, or gives nil while the attempt has none.
    fileprivate init?(row: Row) throws {
        guard let endedAt: Int64 = row["ended_at"] else { return nil }
        let resumeAt: Int64? = row["resume_at"]
        self.init(
            at: Date(unixMilliseconds: endedAt),
            milliseconds: row["duration_ms"],
            status: row["status"],
            cause: row["cause"],
            exitCode: row["exit_code"],
            claim: row["claim"],
            verdict: row["verdict"],
            sessionID: row["session_id"],
            costUSD: row["cost_usd"],
            turns: row["turns"],
            output: row["output"],
            question: row["question"],
            options: try Self.words(row["options"]),
            recommendation: row["recommendation"],
            error: row["error"],
            isCostEstimated: row["cost_estimated"] ?? false,
            resumeAt: resumeAt.map(Date.init(unixMilliseconds:)),
            advice: row["advice"],
            notes: try Self.words(row["notes"]) ?? [],
            verification: row["verification"],
            changes: row["changes"],
            processes: row["processes"],
            retries: row["retries"] ?? 0,
            fixes: row["fixes"] ?? 0
        )
    }

    private static func words(_ json: String?) throws -> [String]? {
        try json.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }
    }

    private static func json(_ words: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(words), as: UTF8.self)
    }

    fileprivate func encode(to container: inout PersistenceContainer) throws {
        container["ended_at"] = at.unixMilliseconds
        container["duration_ms"] = milliseconds
        container["status"] = status
        container["cause"] = cause
        container["exit_code"] = exitCode
        container["claim"] = claim?.withoutNUL
        container["verdict"] = verdict
        container["cost_usd"] = costUSD
        container["turns"] = turns
        container["output"] = output.withoutNUL
        container["question"] = question?.withoutNUL
        container["options"] = try options.map(Self.json)
        container["recommendation"] = recommendation?.withoutNUL
        container["error"] = error?.withoutNUL
        container["cost_estimated"] = isCostEstimated
        container["resume_at"] = resumeAt?.unixMilliseconds
        container["advice"] = advice?.withoutNUL
        container["notes"] = try Self.json(notes)
        container["verification"] = verification
        container["changes"] = changes
        container["processes"] = processes
        container["retries"] = retries
        container["fixes"] = fixes
    }
}

extension String {
    /// SQLite's text ends at U+0000 when it is read back, so that character is kept as U+FFFD; the raw stream has the
    /// original.
    fileprivate var withoutNUL: String { replacing("\0", with: "\u{FFFD}") }
}
