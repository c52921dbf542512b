package import Agents
import Journal
import Plans
package import Sandbox

/// Why nothing was started.
package struct PreparationError: Error, Sendable, Equatable {
    /// The program's exit code for it.
    package var exitCode: ExitCode
    /// What is wrong, in one line; a plan's complaints may follow on lines of their own.
    package var message: String
    /// The one command or step that mends it.
    package var remedy: String?

    package init(exitCode: ExitCode, message: String, remedy: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.remedy = remedy
    }

    package init(_ error: SandboxError) {
        let cause = error.cause.map { " (\($0.trimmed))" } ?? ""
        self.init(exitCode: .unavailable, message: error.message + cause, remedy: error.remedy)
    }

    package init(_ error: AgentError) {
        self.init(exitCode: .unavailable, message: error.message, remedy: error.remedy)
    }

    /// Another attempt is at the same task, or has taken the same question.
    init(_ conflict: AttemptConflict, taskID: String, plan: String) {
        let other = conflict.other
        guard conflict.reason == .taskIsRunning else {
            self.init(exitCode: .unavailable, message: conflict.description)
            return
        }
        self.init(
            exitCode: .unavailable,
            message:
                "Task \(taskID) of \(plan) is at work already: run \(other.runID), process \(other.processID), since "
                + "\(other.startedAt.inISO8601).",
            remedy: "wait for it, or stop it with kill \(other.processID)"
        )
    }

    static func planUnreadable(_ file: String, _ cause: any Error) -> PreparationError {
        PreparationError(exitCode: .planUnusable, message: "The plan \(file) cannot be read: \(cause.systemReason).")
    }

    static func planNotRunnable(_ plan: Plan) -> PreparationError {
        let complaints = plan.complaints.filter { $0.severity == .error }
        let lines = complaints.map { "\(plan.file):\($0.line): \($0.message)" }
        return PreparationError(
            exitCode: .planUnusable,
            message: (["The plan \(plan.file) cannot be run."] + lines).joined(separator: "\n")
        )
    }

    static func taskMissing(_ id: String, _ plan: Plan) -> PreparationError {
        let ids = plan.tasks.map(\.id)
        let known = ids.count < 2 ? ids.joined() : ids.dropLast().joined(separator: ", ") + " and " + ids[ids.count - 1]
        return PreparationError(
            exitCode: .planUnusable,
            message: "Task \(id) is not in \(plan.file); it has \(known).",
            remedy: "orchestrator plan \(plan.file)"
        )
    }
}
