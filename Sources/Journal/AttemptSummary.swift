package import Foundation
package import GRDB

/// An attempt as a line of a list: what is known of it without the words of agent and checks.
package struct AttemptSummary: Sendable, Equatable, FetchableRecord {
    /// The status that stands for an attempt without an end.
    package static let running = "running"

    package var id: String
    package var runID: String
    package var number: Int
    package var continues: String?
    package var planFile: String
    /// The plan's absolute path; nil in rows of the first schema.
    package var planPath: String?
    package var milestoneID: String
    package var taskID: String
    package var taskTitle: String
    package var agent: String
    package var sandbox: String
    package var isReplayed: Bool
    package var processID: Int32
    package var startedAt: Date
    package var endedAt: Date?
    /// How long it took, in whole milliseconds.
    package var milliseconds: Int?
    /// The status at the end, or ``running``.
    package var status: String
    package var cause: String?
    package var exitCode: Int32?
    package var claim: String?
    package var verdict: String?
    package var sessionID: String?
    /// The agent's own cost in USD at the end, nil if it never told.
    package var costUSD: Double?
    package var isCostEstimated: Bool
    package var resumeAt: Date?
    /// What it used of all models together, also while it runs.
    package var usage: JournalTotals.ModelTotals

    package init(row: Row) throws {
        id = row["id"]
        runID = row["run_id"]
        number = row["number"]
        continues = row["continues"]
        planFile = row["plan_file"]
        planPath = row["plan_path"]
        milestoneID = row["milestone_id"]
        taskID = row["task_id"]
        taskTitle = row["task_title"]
        agent = row["agent"]
        sandbox = row["sandbox"]
        isReplayed = row["replayed"]
        processID = row["process_id"]
        startedAt = Date(unixMilliseconds: row["started_at"])
        endedAt = (row["ended_at"] as Int64?).map(Date.init(unixMilliseconds:))
        milliseconds = row["duration_ms"]
        status = row["status"] ?? Self.running
        cause = row["cause"]
        exitCode = row["exit_code"]
        claim = row["claim"]
        verdict = row["verdict"]
        sessionID = row["session_id"]
        costUSD = row["cost_usd"]
        isCostEstimated = row["cost_estimated"] ?? false
        resumeAt = (row["resume_at"] as Int64?).map(Date.init(unixMilliseconds:))
        usage = JournalTotals.ModelTotals(row: row)
    }

    /// The columns of a list's line, of `attempt`; the sums of `usage` come on top.
    static let columns = """
        id, run_id, number, continues, plan_file, plan_path, milestone_id, task_id, task_title, agent, sandbox,
        replayed, process_id, started_at, ended_at, duration_ms, status, cause, exit_code, claim, verdict, session_id,
        attempt.cost_usd AS cost_usd, cost_estimated, resume_at
        """
}
