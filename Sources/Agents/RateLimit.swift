package import FoundationEssentials

/// How the account's usage limit stands, as the service told the agent.
package struct RateLimit: Sendable, Hashable {
    /// Whether requests are let through.
    package enum Status: String, Sendable, Hashable {
        case allowed
        /// Let through still, but near the limit.
        case warning
        case rejected
    }

    /// Whether requests are let through.
    package var status: Status
    /// When the window of the limit ends and a new one begins.
    package var resetsAt: Date?
    /// Which limit it is, in the service's word, such as `five_hour` or `seven_day`.
    package var kind: String?

    package init(status: Status, resetsAt: Date? = nil, kind: String? = nil) {
        self.status = status
        self.resetsAt = resetsAt
        self.kind = kind
    }
}
