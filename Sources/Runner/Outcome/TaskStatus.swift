/// What an attempt counts as: the same word in text, JSON, span and metric.
package enum TaskStatus: String, Codable, Sendable, CaseIterable {
    /// Claimed by the agent, and no check contradicts it.
    case completed
    /// Not done, for the reason that the cause names.
    case failed
    /// Waiting for a person's answer.
    case needsHuman = "needs_human"
}
