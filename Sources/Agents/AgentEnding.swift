/// How a session ended, as far as the agent's own stream and exit tell.
///
/// This is the input of the table that decides the status; each case is one row there.
package enum AgentEnding: Sendable, Hashable {
    /// It ran to its end and gave its last words; what they claim is another matter.
    case finished
    /// It reached the number of turns that it was given.
    case maxTurns
    /// It reached the budget that it was given.
    case maxBudget
    /// The model's service refused or failed; `status` is the HTTP status if there was one.
    case apiError(status: Int?, message: String)
    /// It has no credential, or a refused one (401, 403 of the key).
    case notAuthenticated(message: String)
    /// The account's usage limit or rate limit outlasted the retries (429).
    case usageLimit(message: String)
    /// The model refused, or its answer was cut off at its output limit.
    case modelStopped(reason: String, message: String)
    /// It was interrupted or ended by a signal.
    case interrupted
    /// Its process ended with no result record: killed, crashed, or its stream was cut off.
    case noResult
    /// It never began: bad arguments, unknown session; `message` is what it wrote to standard error.
    case rejected(message: String)
    /// It failed inside, by its own account (`error_during_execution` and what newer versions may bring).
    case broke(message: String)
    /// A tool call that succeeded in the recording did not in the replay; `message` names it.
    case replayDiverged(message: String)
}
