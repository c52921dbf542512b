/// One line about something that telemetry could not do as asked.
///
/// The SDK never throws at run time and never prints; what an operator should know arrives here, through
/// ``OTelConfiguration/onDiagnostic``. Repetitions of one kind are held back for a while and then counted in the text.
public struct OTelDiagnostic: Sendable, Equatable, CustomStringConvertible {
    /// What happened; one kind, but for settings, is reported at most once in ten seconds.
    public enum Kind: String, Sendable, CaseIterable {
        /// A setting cannot be used; the default, or nothing, is used in its place.
        case configuration
        /// A request could not be delivered within its budget.
        case undelivered
        /// Undelivered spans were written to the spool.
        case spooled
        /// Spooled requests of an earlier process were delivered.
        case resent
        /// The collector refused data for good, wholly or in part.
        case rejected
        /// Data was given up: queue or spool full, no spool, over a limit.
        case dropped
        /// A spool file cannot be read, or the spool directory cannot be written.
        case spool
        /// A metric producer failed, was too slow, or its lock was not to be had in time.
        case metrics
        /// The collector accepted everything and had something to say.
        case collectorMessage
    }

    /// What happened.
    public var kind: Kind

    /// One line for a person: what happened and, where there is one, the way out.
    public var message: String

    /// Makes a diagnostic.
    public init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message with its kind in front.
    public var description: String { "\(kind.rawValue): \(message)" }
}
