/// Why an attempt has its status: a closed list.
///
/// The raw values are `error.type` on spans and `cause` in JSON.
package enum Cause: String, Codable, Sendable, CaseIterable {
    /// The agent said that it completed the task.
    case claimedComplete = "claimed_complete"
    /// The agent said that it failed.
    case claimedFailed = "claimed_failed"
    /// The agent asks a question.
    case question
    /// The agent ended without saying how.
    case noStatus = "no_status"
    /// The agent's process broke off: killed, crashed, or its stream was cut.
    case agentBroke = "agent_broke"
    /// The agent refused to start: bad arguments, unknown session.
    case agentRejected = "agent_rejected"
    /// The model's service failed for longer than the agent retries.
    case modelError = "model_error"
    /// The model refused to go on, or its answer was cut off.
    case modelStopped = "model_stopped"
    /// The recording could not be carried out here as it was recorded.
    case replayDiverged = "replay_diverged"
    /// The credential is missing or was refused.
    case credentialRefused = "credential_refused"
    /// The sandbox broke before or while the agent ran.
    case sandboxBroke = "sandbox_broke"
    /// The limit of turns was reached.
    case turnLimit = "turn_limit"
    /// The limit of wall time was reached.
    case timeLimit = "time_limit"
    /// The limit of cost was reached.
    case costLimit = "cost_limit"
    /// The usage limit of the account was reached.
    case usageLimit = "usage_limit"
    /// The user interrupted it (SIGINT).
    case interrupted
    /// It was asked to end (SIGTERM).
    case terminated
    /// The terminal that it ran in is gone (SIGHUP).
    case hungUp = "hung_up"
}
