package import Foundation

/// One try at one task: a row of the table `attempt`.
///
/// What a released schema did not know yet is nil in its rows.
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
    /// The plan's absolute path: with the task's id, what two attempts must not work on at once.
    package var planPath: String?
    /// The plan's content, as the hash under which the journal keeps it.
    package var planHash: String?
    /// The directory in which the agent works.
    package var workspace: String?
    /// The agent's session, as it was asked for; the end may correct it.
    package var sessionID: String?
    /// The attempt whose session this one goes on with.
    package var continues: String?
    /// The version of this program.
    package var programVersion: String?
    /// The version of the agent.
    package var agentVersion: String?
    /// The options of the attempt, in JSON, as the runner needs them to go on with it.
    package var options: String?
    /// The answer that this attempt goes on with.
    package var answer: String?
    /// What is known since its end; nil while it runs.
    package var end: End?

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
        planPath: String? = nil,
        planHash: String? = nil,
        workspace: String? = nil,
        sessionID: String? = nil,
        continues: String? = nil,
        programVersion: String? = nil,
        agentVersion: String? = nil,
        options: String? = nil,
        answer: String? = nil,
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
        self.planPath = planPath
        self.planHash = planHash
        self.workspace = workspace
        self.sessionID = sessionID
        self.continues = continues
        self.programVersion = programVersion
        self.agentVersion = agentVersion
        self.options = options
        self.answer = answer
        self.end = end
    }
}
