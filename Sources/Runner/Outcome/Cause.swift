/// Why an attempt has its status: a closed list.
///
/// The raw values are `error.type` on spans and `cause` in JSON and in the journal. What each one means for status, exit
/// code, words, advice and retries is told by one table, ``Cause/row``.
package enum Cause: String, Codable, Sendable, CaseIterable {
    // What the agent said, and what our checks made of it.
    case claimedComplete = "claimed_complete"
    case claimedFailed = "claimed_failed"
    case contradicted
    case noChange = "no_change"
    case question
    case noStatus = "no_status"

    // Limits.
    case turnLimit = "turn_limit"
    case timeLimit = "time_limit"
    case idleLimit = "idle_limit"
    case tokenLimit = "token_limit"
    case costLimit = "cost_limit"
    case dailyCostLimit = "daily_cost_limit"
    case usageLimit = "usage_limit"

    // Stopped by somebody.
    case interrupted
    case terminated
    case hungUp = "hung_up"

    // The account and its credential.
    case credentialMissing = "credential_missing"
    case credentialRefused = "credential_refused"
    case accessDenied = "access_denied"
    case creditExhausted = "credit_exhausted"

    // The model and its service.
    case modelUnknown = "model_unknown"
    case promptTooLong = "prompt_too_long"
    case requestInvalid = "request_invalid"
    case modelOverloaded = "model_overloaded"
    case modelError = "model_error"
    case modelUnreachable = "model_unreachable"
    case modelUnresolved = "model_unresolved"
    case modelTimeout = "model_timeout"
    case streamBroken = "stream_broken"
    case modelRefused = "model_refused"
    case outputLimit = "output_limit"

    // The agent itself.
    case agentRejected = "agent_rejected"
    case sessionInUse = "session_in_use"
    case sessionMissing = "session_missing"
    case agentAsRoot = "agent_as_root"
    case agentInterrupted = "agent_interrupted"
    case agentTerminated = "agent_terminated"
    case agentHungUp = "agent_hung_up"
    case agentKilled = "agent_killed"
    case agentBroke = "agent_broke"

    // What is around it.
    case sandboxBroke = "sandbox_broke"
    case recordBroke = "record_broke"
    case replayDiverged = "replay_diverged"
}
