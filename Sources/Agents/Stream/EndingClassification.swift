import Sandbox

extension AgentEnding {
    /// How a session ended: the one place that tells it, from the last result record or else from the exit.
    ///
    /// The last result decides, since each one stands for the session up to it. Exit 0 proves nothing without a result:
    /// Claude Code exits so after SIGINT too, and `docker exec` does when its client is ended.
    init(session: SessionState, termination: Termination, standardError: String) {
        if let result = session.results.last {
            self.init(result, failure: session.lastFailure, termination: termination)
        } else {
            self.init(withoutResult: session, termination: termination, standardError: standardError)
        }
    }

    /// The rows for a result record, the first that fits.
    private init(_ result: ResultRecord, failure: String?, termination: Termination) {
        let isError = result.isError ?? (termination.code != 0)
        let message = result.message
        if result.terminalReason?.hasPrefix("aborted") == true {
            self = .interrupted
        } else if result.subtype == "error_max_turns" {
            self = .maxTurns
        } else if result.subtype == "error_max_budget_usd" {
            self = .maxBudget
        } else if !isError {
            self = termination.isByStopSignal ? .interrupted : .finished
        } else if Self.isAboutCredential(result, failure: failure) {
            self = .notAuthenticated(message: message)
        } else if Self.isAboutUsageLimit(result, failure: failure) {
            self = .usageLimit(message: message)
        } else if let reason = Self.reasonOfModel(result) {
            self = .modelStopped(reason: reason, message: message)
        } else if result.subtype == "success" {
            self = .apiError(status: result.apiStatus, message: message)
        } else {
            self = .broke(message: message)
        }
    }

    /// The rows for a stream without a result record, the first that fits.
    private init(withoutResult session: SessionState, termination: Termination, standardError: String) {
        let words = standardError.isBlank ? session.firstMalformedLine ?? "" : standardError
        if termination.isByStopSignal {
            self = .interrupted
        } else if session.records > 0 || termination.code == 0 || termination.isBySignal {
            self = .noResult
        } else if Self.isAboutCredential(words) {
            self = .notAuthenticated(message: words.firstLine)
        } else if words.isBlank {
            self = .rejected(message: "it exited with code \(termination.code) and said nothing")
        } else {
            self = .rejected(message: words.firstLine)
        }
    }

    private static func isAboutCredential(_ result: ResultRecord, failure: String?) -> Bool {
        switch result.apiStatus {
        case 401, 403: true
        case .some: false
        case nil: failure == "authentication_failed" || isAboutCredential(result.message)
        }
    }

    private static func isAboutCredential(_ words: String) -> Bool {
        ["Not logged in", "Invalid API key", "Failed to authenticate"].contains { words.hasPrefix($0) }
    }

    private static func isAboutUsageLimit(_ result: ResultRecord, failure: String?) -> Bool {
        if result.apiStatus == 429 || result.apiErrorType == "rate_limit_error" { return true }
        return result.apiStatus == nil && failure == "rate_limit"
    }

    private static func reasonOfModel(_ result: ResultRecord) -> String? {
        if result.stopReason == "refusal" { return "refusal" }
        let wasCut = result.stopReason == "max_tokens" || result.apiError == "max_output_tokens"
        return wasCut ? "max_tokens" : nil
    }
}

extension Termination {
    /// Whether a signal ended it, as told by the kernel or by a shell's exit code.
    fileprivate var isBySignal: Bool { code > 128 }

    /// Whether it was one of the signals by which somebody asks a process to stop: SIGHUP, SIGINT, SIGTERM.
    fileprivate var isByStopSignal: Bool { [129, 130, 143].contains(code) }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// The first line that says something.
    fileprivate var firstLine: String {
        split(whereSeparator: \.isNewline).first { !String($0).isBlank }.map(String.init) ?? ""
    }
}
