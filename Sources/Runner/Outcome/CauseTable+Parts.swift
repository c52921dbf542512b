extension Cause {
    /// The rows of what the model's service or the model itself turned down, for good.
    var refusalRow: Row {
        switch self {
        case .modelUnknown:
            Row(failedWith: "The model's service does not know the model", "Name another one with --model.")
        case .promptTooLong:
            Row(
                failedWith: "The prompt is too long for the model",
                "Cut the task into smaller ones, or choose a model with a larger window with --model."
            )
        case .modelRefused:
            Row(failedWith: "The model refused to go on", "Word the task otherwise, or add --guidance.")
        case .outputLimit:
            Row(
                failedWith: "The model's answer was cut off at its output limit",
                "Cut the task into smaller ones, or raise CLAUDE_CODE_MAX_OUTPUT_TOKENS."
            )
        default:
            Row(
                failedWith: "The model's service rejects the request",
                "Read its words; a newer version of the agent, or another --model, may be needed."
            )
        }
    }

    /// The rows of a service that fails for a while.
    var serviceRow: Row {
        let later = "Look whether the service is up; then orchestrator resume RUN goes on from here."
        return switch self {
        case .modelOverloaded:
            Row(passing: "The model's service is overloaded", "Try again later: orchestrator resume RUN.")
        case .modelUnreachable:
            Row(passing: "The model's service cannot be reached", "Look at ANTHROPIC_BASE_URL and at the network.")
        case .modelUnresolved:
            Row(passing: "The name of the model's service has no address", "Look at ANTHROPIC_BASE_URL and at the DNS.")
        case .modelTimeout: Row(passing: "The model's service did not answer in time", later)
        case .streamBroken: Row(passing: "The model's answer broke off", later)
        default: Row(passing: "The model's service failed", later)
        }
    }

    /// The rows of an agent that did not start, or did not end by itself.
    var agentRow: Row {
        let goOn = "orchestrator resume RUN goes on from here."
        return switch self {
        case .agentRejected:
            Row(failedWith: "The agent refused to start", "Read its words; its version may not know an option of ours.")
        case .sessionInUse:
            Row(failedWith: "The agent's session is in use by another process", "Wait for it, or end it; then " + goOn)
        case .sessionMissing:
            Row(failedWith: "The agent does not find its session any more", "Run the task anew with orchestrator task.")
        case .agentAsRoot:
            Row(
                failedWith: "The agent refuses to run as root like this",
                "Use a sandbox with an ordinary user (make sandbox)."
            )
        case .agentInterrupted:
            Row(failedWith: "The agent was interrupted by something other than this program", goOn)
        case .agentTerminated:
            Row(failedWith: "The agent was ended by something other than this program (SIGTERM)", goOn)
        case .agentHungUp:
            Row(failedWith: "The agent lost its terminal or its client (SIGHUP)", goOn)
        case .agentKilled:
            Row(failedWith: "The agent was killed (SIGKILL)", "Look at the sandbox's memory limit; then " + goOn)
        default:
            Row(
                failedWith: "The agent's process broke off without a result",
                "Look at the end of the stream; then " + goOn
            )
        }
    }

    /// The rows of what is around the agent.
    var surroundingsRow: Row {
        switch self {
        case .recordBroke:
            Row(
                failedWith: "The record of this attempt could not be written",
                "Make room on the disk of the state directory, or name another with ORCHESTRATOR_STATE_DIR."
            )
        case .replayDiverged:
            Row(failedWith: "The replay went another way than the recording", nil)
        default:
            Row(unavailable: "The sandbox broke", "Look at the container and its daemon; then orchestrator resume RUN.")
        }
    }
}

extension Cause.Row {
    /// A failure that stays.
    fileprivate init(failedWith words: String, _ advice: String?) {
        self.init(.failed, .failed, words, advice, passes: false)
    }

    /// A failure that passes by itself.
    fileprivate init(passing words: String, _ advice: String) {
        self.init(.failed, .failed, words, advice, passes: true)
    }

    /// A part that is not there; whether it comes back depends on the part.
    fileprivate init(unavailable words: String, _ advice: String) {
        self.init(.failed, .unavailable, words, advice, passes: false)
    }
}
