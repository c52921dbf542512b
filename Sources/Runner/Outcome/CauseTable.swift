extension Cause {
    /// What a cause means: one row of the table.
    package struct Row: Sendable, Equatable {
        /// What an attempt that ends so counts as.
        package var status: TaskStatus
        /// The program's exit code.
        package var exitCode: ExitCode
        /// What is said of it; the particulars follow after a colon.
        package var words: String
        /// What the user can do about it; nil where there is nothing to do.
        package var advice: String?
        /// Whether it passes by itself, so that trying again soon makes sense.
        package var passes: Bool

        init(_ status: TaskStatus, _ exitCode: ExitCode, _ words: String, _ advice: String?, passes: Bool) {
            self.status = status
            self.exitCode = exitCode
            self.words = words
            self.advice = advice
            self.passes = passes
        }
    }

    /// The one table of all endings.
    package var row: Row {
        switch self {
        case .claimedComplete, .question, .claimedFailed, .contradicted, .noChange, .noStatus: claimRow
        case .turnLimit, .timeLimit, .idleLimit, .tokenLimit, .costLimit, .dailyCostLimit, .usageLimit: limitRow
        case .interrupted, .terminated, .hungUp: stopRow
        case .credentialMissing, .credentialRefused, .accessDenied, .creditExhausted: accountRow
        case .modelUnknown, .promptTooLong, .requestInvalid, .modelRefused, .outputLimit: refusalRow
        case .modelOverloaded, .modelError, .modelUnreachable, .modelUnresolved, .modelTimeout, .streamBroken:
            serviceRow
        case .agentRejected, .sessionInUse, .sessionMissing, .agentAsRoot, .agentInterrupted, .agentTerminated,
            .agentHungUp, .agentKilled, .agentBroke:
            agentRow
        case .sandboxBroke, .recordBroke, .replayDiverged: surroundingsRow
        }
    }

    private static func failed(
        _ exitCode: ExitCode,
        _ words: String,
        _ advice: String? = nil,
        passes: Bool = false
    ) -> Row {
        Row(.failed, exitCode, words, advice, passes: passes)
    }

    private var claimRow: Row {
        switch self {
        case .question:
            Row(.needsHuman, .needsHuman, "The agent asks a question", nil, passes: false)
        case .claimedFailed:
            Self.failed(
                .failed,
                "The agent reports that it failed",
                "Mend what it names, or tell it more with --guidance; then run the task again."
            )
        case .contradicted:
            Self.failed(
                .failed,
                "The agent claimed complete, and the checks say otherwise",
                "orchestrator resume RUN lets the agent mend it; --fix N does so by itself."
            )
        case .noChange:
            Self.failed(
                .failed,
                "The agent claimed complete, but it changed no file and no check passed",
                "orchestrator resume RUN asks it again; if nothing was to be done, give the task a check that shows it."
            )
        case .noStatus:
            Self.failed(
                .failed,
                "The agent ended without a STATUS line, so nothing says that the task is done",
                "Read its last words in the stream; then orchestrator resume RUN, or run it again with --guidance."
            )
        default:
            Row(.completed, .completed, "The agent claims complete", nil, passes: false)
        }
    }

    private var limitRow: Row {
        let (words, advice) =
            switch self {
            case .turnLimit: ("The limit of turns is reached", "Give it more with --max-turns")
            case .timeLimit: ("The limit of time is reached", "Give it more with --timeout")
            case .idleLimit:
                ("The agent told nothing for too long", "Look whether the model's service hangs, or set --idle-timeout")
            case .tokenLimit: ("The limit of tokens is reached", "Give it more with --max-tokens")
            case .costLimit: ("The limit of cost is reached", "Give it more with --max-cost")
            case .dailyCostLimit:
                ("The limit of cost for this day is reached", "Wait for tomorrow, or raise --max-cost-per-day")
            default: ("The account's usage limit is reached", "Wait until the limit resets (--wait does)")
            }
        return Self.failed(.limitReached, words, advice + "; orchestrator resume RUN goes on from here.")
    }

    private var stopRow: Row {
        let goOn = "orchestrator resume RUN goes on from here."
        return switch self {
        case .terminated: Self.failed(.terminated, "Asked to end (SIGTERM)", goOn)
        case .hungUp: Self.failed(.hungUp, "The terminal is gone (SIGHUP)", goOn)
        default: Self.failed(.interrupted, "Interrupted (SIGINT)", goOn)
        }
    }

    private var accountRow: Row {
        switch self {
        case .credentialMissing:
            Self.failed(
                .unavailable,
                "The agent has no credential",
                "Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN."
            )
        case .accessDenied:
            Self.failed(
                .unavailable,
                "The model's service denies access with this credential",
                "Ask for access to the model, or use another credential or --model."
            )
        case .creditExhausted:
            Self.failed(.failed, "The account has no credit left", "Top the account up; then orchestrator resume RUN.")
        default:
            Self.failed(
                .unavailable,
                "The model's service refused the credential",
                "Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN to a valid one."
            )
        }
    }
}
