/// Why an attempt is stopped from outside before the agent's own end.
package enum StopCause: Sendable, Hashable {
    /// The wall time is used up.
    case timeLimit(Duration)
    /// SIGINT.
    case interrupted
    /// SIGTERM.
    case terminated
    /// SIGHUP.
    case hungUp
}
