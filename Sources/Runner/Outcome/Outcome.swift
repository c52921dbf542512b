package import Agents
package import FoundationEssentials
import Sandbox

/// What an attempt counts as, and why.
package struct Outcome: Sendable, Equatable {
    /// Why; status, exit code and advice follow from it by the table.
    package var cause: Cause
    /// What exactly it was, for a person: the service's message, the limit's amount; nil if there is no more to say.
    package var particulars: String?
    /// What the user can do about it, where something more fitting than the table's is known.
    package var remedy: String?
    /// When an attempt that is parked can go on, if it is and if that is known.
    package var resumesAt: Date?

    init(_ cause: Cause, _ particulars: String? = nil, remedy: String? = nil, resumesAt: Date? = nil) {
        self.cause = cause
        self.particulars = particulars
        self.remedy = remedy
        self.resumesAt = resumesAt
    }

    /// The status.
    package var status: TaskStatus { cause.row.status }

    /// The program's exit code for it.
    package var exitCode: ExitCode { cause.row.exitCode }

    /// What went wrong in one or a few lines; nil unless failed.
    package var error: String? {
        guard status == .failed else { return nil }
        let words = cause.row.words
        guard let particulars = particulars?.trimmed, !particulars.isEmpty else { return words + "." }
        let end = particulars.last.map { ".!?".contains($0) } == true ? "" : "."
        return "\(words): \(particulars)\(end)"
    }

    /// What the user can do about it; nil if there is nothing to say.
    package var advice: String? { status == .failed ? remedy ?? cause.row.advice : nil }
}

extension Outcome {
    /// Decides by what is known of an invocation.
    ///
    /// A stop that arrives when the agent has already ended by itself does not change what the agent achieved.
    ///
    /// - Parameters:
    ///   - ending: How the session ended by the agent's own account.
    ///   - claim: What the agent's last words claim.
    ///   - stop: Why the attempt was stopped from outside, if it was.
    /// - Returns: The outcome, by the table.
    package static func decide(ending: AgentEnding, claim: Claim, stop: StopCause?) -> Outcome {
        if ending == .finished { return decide(claim) }
        if let stop { return decide(stop) }
        return decide(ending)
    }

    /// The outcome of an attempt that was stopped.
    static func decide(_ stop: StopCause) -> Outcome {
        var outcome = Outcome(stop.cause, stop.particulars)
        if case .usageLimit(let date) = stop { outcome.resumesAt = date }
        return outcome
    }

    /// The outcome of an attempt whose sandbox, or whose record, broke.
    static func broken(by error: any Error) -> Outcome {
        guard let error = error as? SandboxError else { return Outcome(.recordBroke, "\(error)") }
        let reason = PreparationError(error)
        return Outcome(.sandboxBroke, reason.message, remedy: reason.remedy)
    }

    private static func decide(_ claim: Claim) -> Outcome {
        switch claim.status {
        case .complete: Outcome(.claimedComplete)
        case .needsHuman: Outcome(.question)
        case .failed: Outcome(.claimedFailed, claim.error ?? "it does not say why")
        case nil: Outcome(.noStatus)
        }
    }

    private static func decide(_ ending: AgentEnding) -> Outcome {
        switch ending {
        case .finished: decide(Claim())
        case .maxTurns: Outcome(.turnLimit, "the agent stopped by itself")
        case .maxBudget: Outcome(.costLimit, "the agent stopped by itself")
        case .usageLimit(let message, let date): Outcome(.usageLimit, message, resumesAt: date)
        case .failedRequest(let failure, let status, let message):
            Outcome(failure.cause, status.map { "HTTP \($0), \(message)" } ?? message)
        case .modelStopped(let stop, let message): Outcome(stop == .refusal ? .modelRefused : .outputLimit, message)
        case .interrupted: Outcome(.agentInterrupted)
        case .terminated: Outcome(.agentTerminated)
        case .hungUp: Outcome(.agentHungUp)
        case .killed: Outcome(.agentKilled)
        case .noResult: Outcome(.agentBroke)
        case .broke(let message): Outcome(.agentBroke, message)
        case .rejected(let rejection, let message): Outcome(rejection.cause, message)
        case .replayDiverged(let message): Outcome(.replayDiverged, message)
        }
    }
}

extension RequestFailure {
    /// The cause of an attempt that ends by this failure.
    fileprivate var cause: Cause {
        switch self {
        case .credentialMissing: .credentialMissing
        case .credentialRefused: .credentialRefused
        case .forbidden: .accessDenied
        case .creditExhausted: .creditExhausted
        case .modelUnknown: .modelUnknown
        case .promptTooLong: .promptTooLong
        case .invalid: .requestInvalid
        case .overloaded: .modelOverloaded
        case .unreachable: .modelUnreachable
        case .nameUnresolved: .modelUnresolved
        case .timedOut: .modelTimeout
        case .streamBroken: .streamBroken
        case .serverError, .other: .modelError
        }
    }
}

extension Rejection {
    /// The cause of an attempt that ends by this rejection.
    fileprivate var cause: Cause {
        switch self {
        case .sessionInUse: .sessionInUse
        case .sessionUnknown: .sessionMissing
        case .runsAsRoot: .agentAsRoot
        case .badArguments, .other: .agentRejected
        }
    }
}
