/// Something that is wrong with a plan, told so that its author can mend it.
package struct Complaint: Sendable, Equatable {
    /// Whether the plan can still be run.
    package enum Severity: String, Sendable, Equatable {
        /// The plan must not be run as it stands.
        case error
        /// The plan can be run; something in it probably is not what its author meant.
        case warning
    }

    /// The line that it is about, counted from 1.
    package let line: Int
    /// What is wrong, and the way out.
    ///
    /// One line that ends with a full stop.
    package let message: String
    /// Whether the plan can still be run.
    package let severity: Severity

    package init(line: Int, message: String, severity: Severity) {
        self.line = line
        self.message = message
        self.severity = severity
    }
}
