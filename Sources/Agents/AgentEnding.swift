package import FoundationEssentials

/// How an invocation of an agent ended, as far as the agent's own stream and exit tell.
///
/// This is the input of the table that decides the status; each case is one row there.
package enum AgentEnding: Sendable, Hashable {
    /// It ran to its end and gave its last words; what they claim is another matter.
    case finished
    /// It reached the number of turns that it was given.
    case maxTurns
    /// It reached the budget that it was given.
    case maxBudget
    /// The account's usage limit or rate limit is reached; `resetsAt` is when it can go on, if anything told it.
    case usageLimit(message: String, resetsAt: Date?)
    /// A request to the model failed for good; `status` is the HTTP status if there was one.
    case failedRequest(RequestFailure, status: Int?, message: String)
    /// The model itself stopped in the midst of its work.
    case modelStopped(ModelStop, message: String)
    /// It was interrupted (SIGINT).
    case interrupted
    /// It was asked to end (SIGTERM).
    case terminated
    /// Its terminal went away (SIGHUP).
    case hungUp
    /// It was killed (SIGKILL): by somebody, or by the kernel for want of memory.
    case killed
    /// Its process ended with no result record and for no reason that can be told: crashed, or its stream was cut off.
    case noResult
    /// It never began; `message` is what it wrote to standard error.
    case rejected(Rejection, message: String)
    /// It failed inside, by its own account (`error_during_execution` and what newer versions may bring).
    case broke(message: String)
    /// The replay did not go as the recording did; `message` names where.
    case replayDiverged(message: String)
}

/// Why a request to the model failed for good.
package enum RequestFailure: String, Sendable, Hashable, CaseIterable {
    /// The agent has no credential, so it sent nothing.
    case credentialMissing
    /// The service does not accept the credential (401).
    case credentialRefused
    /// The account has no money left (400, 402).
    case creditExhausted
    /// The credential is good but not for this (403).
    case forbidden
    /// The service does not know the model (404).
    case modelUnknown
    /// The conversation does not fit the model's context.
    case promptTooLong
    /// The service does not understand the request (any other 4xx).
    case invalid
    /// The service has too much to do (529).
    case overloaded
    /// The service failed inside (any other 5xx).
    case serverError
    /// Nobody answers at the service's address: refused, no route, no TLS.
    case unreachable
    /// The service's name has no address (DNS).
    case nameUnresolved
    /// The service took the request and did not answer in time.
    case timedOut
    /// The answer broke off again and again.
    case streamBroken
    /// Anything else; the message tells.
    case other
}

/// Why the model stopped in the midst of its work.
package enum ModelStop: String, Sendable, Hashable, CaseIterable {
    /// It refuses to go on.
    case refusal
    /// Its answer was cut off at the limit of output.
    case outputLimit
}

/// Why an agent refused to begin.
package enum Rejection: String, Sendable, Hashable, CaseIterable {
    /// It does not understand an option or a value: a version that does not fit this program.
    case badArguments
    /// The session to be begun exists already.
    case sessionInUse
    /// The session to be continued does not exist.
    case sessionUnknown
    /// It does not do that as root.
    case runsAsRoot
    /// Anything else; the message tells.
    case other
}
