import Agents
import Foundation
import Journal
import Runner
import Sandbox

/// One attempt as it is ordered: at what, where, by whom, and what it goes on with.
struct AttemptOrder: Sendable {
    /// The plan as the user named it.
    var planFile: String
    /// The task's id.
    var taskID: String
    /// The plan as an earlier attempt had it; nil to read it now.
    var storedPlan: (content: [UInt8], path: String)?
    var sandbox: any Sandbox
    /// The workspace as the user names it: a path of this machine, or one in the container.
    var workspace: String
    var agent: any Agent
    var options: TaskOptions
    var identity: RunIdentity
    var continuation: Continuation?
    /// What must be said before it begins.
    var warnings: [String] = []
}

extension AttemptOrder {
    /// Looks at all that must be in order before money is spent.
    ///
    /// - Throws: ``PreparationError``.
    func prepare() async throws -> TaskPreparation {
        try await TaskPreparation(
            planFile: planFile,
            taskID: taskID,
            stored: storedPlan,
            sandbox: sandbox,
            agent: agent
        )
    }
}
