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
        /// Undelivered spans or log records were written to the spool.
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

    /// How much it matters (OTEL_LOG_LEVEL).
    public enum Level: Int, Sendable, CaseIterable, Comparable {
        /// Good to know: what was late has arrived.
        case info
        /// Something is not as asked; nothing is lost.
        case warning
        /// Data was lost, or will be.
        case error
        /// Above all of them: as a threshold, silence.
        case none

        /// By what was said first here, which matters least.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        /// The words that implementations understand; there is nothing below `info` to tell.
        static let words: KeyValuePairs<String, Level> = [
            "trace": .info, "debug": .info, "info": .info, "warn": .warning, "warning": .warning, "error": .error,
            "fatal": .none, "none": .none,
        ]
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

extension OTelDiagnostic.Kind {
    /// How much this kind matters.
    public var level: OTelDiagnostic.Level {
        switch self {
        case .resent: .info
        case .rejected, .dropped, .spool: .error
        default: .warning
        }
    }
}

extension OTelConfiguration {
    /// The user's hook behind the threshold.
    var diagnosticHook: @Sendable (OTelDiagnostic) -> Void {
        { [diagnosticThreshold, onDiagnostic] line in
            if line.kind.level >= diagnosticThreshold { onDiagnostic(line) }
        }
    }
}
