import ArgumentParser

/// What health looks at.
enum HealthCheckName: String, CaseIterable, Sendable {
    case sandbox
    case agent
    case credential
    case collector
    case journal
    case spool

    /// Whether a task cannot run without it; the others count only if they are asked for by name.
    var isNeeded: Bool {
        switch self {
        case .sandbox, .agent, .credential, .journal: true
        case .collector, .spool: false
        }
    }
}

extension HealthCheckName: ExpressibleByArgument {}

/// What one check found.
struct HealthCheck: Sendable, Equatable {
    /// What became of a check.
    enum Status: String, Sendable {
        case ok
        case failing
        /// It could not be made, since another one fails, or has nothing to look at.
        case skipped
    }

    var name: HealthCheckName
    var status: Status
    /// The word for it in the report, such as `running` or `missing`; nil if nothing is known.
    var word: String?
    /// What there is to say, in one line.
    var detail: String?
    /// The way out.
    var remedy: String?
    /// How long it took.
    var duration: Duration = .zero
}
