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
        try end?.encode(to: &container)
    }
}

extension AttemptRecord.End {
    /// Reads the columns that are set at the end, or gives nil while the attempt has none.
    fileprivate init?(row: Row) throws {
        guard let endedAt: Int64 = row["ended_at"] else { return nil }
        let options: String? = row["options"]
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
            options: try options.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) },
            recommendation: row["recommendation"],
            error: row["error"]
        )
    }

    fileprivate func encode(to container: inout PersistenceContainer) throws {
        container["ended_at"] = at.unixMilliseconds
        container["duration_ms"] = milliseconds
        container["status"] = status
        container["cause"] = cause
        container["exit_code"] = exitCode
        container["claim"] = claim?.withoutNUL
        container["verdict"] = verdict
        container["session_id"] = sessionID?.withoutNUL
        container["cost_usd"] = costUSD
        container["turns"] = turns
        container["output"] = output.withoutNUL
        container["question"] = question?.withoutNUL
        container["options"] = try options.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        container["recommendation"] = recommendation?.withoutNUL
        container["error"] = error?.withoutNUL
    }
}

extension String {
    /// SQLite's text ends at U+0000 when it is read back, so that character is kept as U+FFFD; the raw stream has the
    /// original.
    fileprivate var withoutNUL: String { replacing("\0", with: "\u{FFFD}") }
}
