package import Foundation

extension AttemptRecord {
    /// What is known of an attempt since its end.
    package struct End: Sendable, Equatable {
        /// When it ended.
        package var at: Date
        /// How long it took, in whole milliseconds.
        package var milliseconds: Int
        /// The status: completed, failed or needs_human.
        package var status: String
        /// Why: one of the closed list of causes.
        package var cause: String
        /// The program's exit code for it.
        package var exitCode: Int32
        /// What the agent claimed, if it claimed anything.
        package var claim: String?
        /// What our own checks found.
        package var verdict: String
        /// The agent's session, to be resumed; nil leaves the one of the beginning.
        package var sessionID: String?
        /// The agent's own cost in USD, nil if it never told.
        package var costUSD: Double?
        /// Turns as the agent counts them.
        package var turns: Int
        /// The agent's last words.
        package var output: String
        /// The question, if a person is needed.
        package var question: String?
        /// The answers to choose from.
        package var options: [String]?
        /// What the agent would choose.
        package var recommendation: String?
        /// What went wrong.
        package var error: String?
        /// Whether the cost, or a part of it, is our estimate.
        package var isCostEstimated: Bool
        /// From when a parked attempt can go on.
        package var resumeAt: Date?
        /// What the user can do about it.
        package var advice: String?
        /// What else is to be known.
        package var notes: [String]
        /// The checks and what they found, in JSON.
        package var verification: String?
        /// What changed in the workspace, in JSON.
        package var changes: String?
        /// What the look for the attempt's processes found, in JSON.
        package var processes: String?
        /// How often the agent was invoked again for a cause that passes.
        package var retries: Int
        /// How often the agent was invoked again with what a check had found.
        package var fixes: Int

        package init(
            at: Date,
            milliseconds: Int,
            status: String,
            cause: String,
            exitCode: Int32,
            claim: String? = nil,
            verdict: String,
            sessionID: String? = nil,
            costUSD: Double? = nil,
            turns: Int = 0,
            output: String = "",
            question: String? = nil,
            options: [String]? = nil,
            recommendation: String? = nil,
            error: String? = nil,
            isCostEstimated: Bool = false,
            resumeAt: Date? = nil,
            advice: String? = nil,
            notes: [String] = [],
            verification: String? = nil,
            changes: String? = nil,
            processes: String? = nil,
            retries: Int = 0,
            fixes: Int = 0
        ) {
            self.at = at
            self.milliseconds = milliseconds
            self.status = status
            self.cause = cause
            self.exitCode = exitCode
            self.claim = claim
            self.verdict = verdict
            self.sessionID = sessionID
            self.costUSD = costUSD
            self.turns = turns
            self.output = output
            self.question = question
            self.options = options
            self.recommendation = recommendation
            self.error = error
            self.isCostEstimated = isCostEstimated
            self.resumeAt = resumeAt
            self.advice = advice
            self.notes = notes
            self.verification = verification
            self.changes = changes
            self.processes = processes
            self.retries = retries
            self.fixes = fixes
        }
    }
}
