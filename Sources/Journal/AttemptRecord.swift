package import Foundation
import GRDB

/// One try at one task: a row of the table `attempt`.
package struct AttemptRecord: Sendable, Equatable {
    /// The attempt's id, unique in the world: it also marks the attempt's processes.
    package var id: String
    /// The run that the attempt belongs to.
    package var runID: String
    /// Which attempt of its run this is, from 1.
    package var number: Int
    /// The plan as the user named it.
    package var planFile: String
    /// The milestone's id.
    package var milestoneID: String
    /// The task's id.
    package var taskID: String
    /// The task's title.
    package var taskTitle: String
    /// The agent's name, such as `claude-code`.
    package var agent: String
    /// The sandbox's kind, such as `docker`.
    package var sandbox: String
    /// The container's name, for a sandbox that has one.
    package var container: String?
    /// Whether a recording was replayed: such attempts do not count in the totals.
    package var isReplayed: Bool
    /// The process that runs the attempt.
    package var processID: Int32
    /// When it began.
    package var startedAt: Date
    /// The trace's id, 32 hexadecimal digits.
    package var traceID: String?
    /// Where the agent's raw stream is kept.
    package var stream: String
    /// What is known since its end; nil while it runs.
    package var end: End?

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
        /// The agent's session, to be resumed.
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
            error: String? = nil
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
        }
    }

    package init(
        id: String,
        runID: String,
        number: Int = 1,
        planFile: String,
        milestoneID: String,
        taskID: String,
        taskTitle: String,
        agent: String,
        sandbox: String,
        container: String? = nil,
        isReplayed: Bool,
        processID: Int32,
        startedAt: Date,
        traceID: String? = nil,
        stream: String,
        end: End? = nil
    ) {
        self.id = id
        self.runID = runID
        self.number = number
        self.planFile = planFile
        self.milestoneID = milestoneID
        self.taskID = taskID
        self.taskTitle = taskTitle
        self.agent = agent
        self.sandbox = sandbox
        self.container = container
        self.isReplayed = isReplayed
        self.processID = processID
        self.startedAt = startedAt
        self.traceID = traceID
        self.stream = stream
        self.end = end
    }
}
