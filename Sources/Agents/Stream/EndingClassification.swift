import Sandbox

extension AgentEnding {
    /// How an invocation ended: the one place that tells it, from the last result record or else from the exit.
    ///
    /// The last result decides, since each one stands for the session up to it. Exit 0 proves nothing without a result:
    /// Claude Code exits so after SIGINT too, and `docker exec` does when its client is ended.
    init(session: SessionState, termination: Termination, standardError: String) {
        if let result = session.lastResult {
            self.init(result, session: session, termination: termination)
        } else {
            self.init(withoutResult: session, termination: termination, standardError: standardError)
        }
    }

    /// The rows for a result record, the first that fits.
    private init(_ result: ResultRecord, session: SessionState, termination: Termination) {
        let isError = result.isError ?? (termination.code != 0)
        let message = result.message
        if result.terminalReason?.hasPrefix("aborted") == true {
            self = AgentEnding(bySignal: termination) ?? .interrupted
        } else if result.subtype == "error_max_turns" {
            self = .maxTurns
        } else if result.subtype == "error_max_budget_usd" {
            self = .maxBudget
        } else if !isError {
            self = AgentEnding(bySignal: termination) ?? .finished
        } else if result.isAboutUsageLimit(failure: session.lastFailure) {
            self = .usageLimit(message: message, resetsAt: session.limitReset(told: message))
        } else if let stop = ModelStop(result) {
            self = .modelStopped(stop, message: message)
        } else if result.subtype == "success" || result.apiStatus != nil {
            let failure = RequestFailure(result, failure: session.lastFailure)
            self = .failedRequest(failure, status: result.apiStatus, message: message)
        } else if session.initialization == nil, Rejection(message) == .sessionUnknown {
            self = .rejected(.sessionUnknown, message: message)
        } else {
            self = .broke(message: message)
        }
    }

    /// The rows for a stream without a result record, the first that fits.
    private init(withoutResult session: SessionState, termination: Termination, standardError: String) {
        let words = standardError.isBlank ? session.firstMalformedLine ?? "" : standardError
        if let ending = AgentEnding(bySignal: termination) {
            self = ending
        } else if session.wasInterrupted {
            self = .interrupted
        } else if session.records > 0 || termination.code == 0 || termination.code > 128 {
            self = .noResult
        } else if let failure = RequestFailure(credentialWords: words) {
            self = .failedRequest(failure, status: nil, message: words.firstLine)
        } else if words.isBlank {
            self = .rejected(.other, message: "it exited with code \(termination.code) and said nothing")
        } else {
            self = .rejected(Rejection(words), message: words.firstLine)
        }
    }

    /// The ending of a process that a signal ended by which somebody asks for it, as told by the kernel or a shell; nil
    /// for any other.
    init?(bySignal termination: Termination) {
        switch termination.code {
        case 129: self = .hungUp
        case 130: self = .interrupted
        case 137: self = .killed
        case 143: self = .terminated
        default: return nil
        }
    }
}

extension Rejection {
    /// What Claude Code's words on standard error mean.
    fileprivate init(_ words: String) {
        let lines = words.split(whereSeparator: \.isNewline)
        func tells(_ mark: String) -> Bool { lines.contains { $0.contains(mark) } }
        if tells("is already in use") {
            self = .sessionInUse
        } else if tells("No conversation found") {
            self = .sessionUnknown
        } else if tells("cannot be used with root") {
            self = .runsAsRoot
        } else if lines.contains(where: { $0.hasPrefix("error: ") || $0.hasPrefix("Error: ") }) {
            self = .badArguments
        } else {
            self = .other
        }
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// The first line that says something.
    fileprivate var firstLine: String {
        split(whereSeparator: \.isNewline).first { !String($0).isBlank }.map(String.init) ?? ""
    }
}
