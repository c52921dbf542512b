import Foundation

/// An attempt was not recorded, since another one stands in its way.
package struct AttemptConflict: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why the two do not go together.
    package enum Reason: Sendable, Equatable {
        /// The other one is working on the same task of the same plan.
        case taskIsRunning
        /// The other one has the same id, or the same number in the same run.
        case attemptExists
        /// The other one goes on with the same attempt already.
        case isContinued
        /// The attempt had ended before: the other one is its row, as it stands.
        case hasEnded
    }

    /// Why the two do not go together.
    package let reason: Reason
    /// The attempt in the way.
    package let other: AttemptRecord

    package init(reason: Reason, other: AttemptRecord) {
        self.reason = reason
        self.other = other
    }

    package var description: String {
        let text =
            "\(other.id) of run \(other.runID) (process \(other.processID), begun \(other.startedAt.formatted(.iso8601)))"
        switch reason {
        case .taskIsRunning:
            return "Task \(other.taskID) of \(other.planPath ?? other.planFile) is being worked on by attempt \(text). "
                + "Wait for its end, or stop it."
        case .attemptExists:
            return "There is already an attempt \(text). See what became of it: orchestrator show \(other.runID)"
        case .isContinued:
            return "\(other.continues ?? "It") is already gone on with by attempt \(text). "
                + "See what became of it: orchestrator show \(other.runID)"
        case .hasEnded:
            return "The end of attempt \(text) had been recorded before, as \(other.end?.status ?? "ended")"
                + " (\(other.end?.cause ?? "")); it stays so."
        }
    }
}
