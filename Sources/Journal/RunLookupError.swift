/// A word of the user's names no run, or more than one.
package enum RunLookupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The journal has no attempt at all.
    case noRuns
    /// No run's id is, begins with or ends with this; the newest ones are told.
    case noSuchRun(String, newest: [String])
    /// The run has no attempt of this number.
    case noSuchAttempt(Int, runID: String, last: Int)
    /// Several runs are meant; the newest ones are told, and whether there are more.
    case ambiguous(String, candidates: [String], hasMore: Bool)

    package var description: String {
        switch self {
        case .noRuns:
            "There are no runs yet."
        case .noSuchRun(let text, let newest):
            "There is no run \(text). The newest are \(newest.joined(separator: ", ")); orchestrator runs lists all."
        case .noSuchAttempt(let number, let runID, let last):
            "Run \(runID) has no attempt \(number); its last one is \(runID).\(last)."
        case .ambiguous(let text, let candidates, let hasMore):
            "\(text) may be \(candidates.joined(separator: ", "))\(hasMore ? " and more" : ""). Write more of the id."
        }
    }
}
