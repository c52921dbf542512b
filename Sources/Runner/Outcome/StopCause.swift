package import FoundationEssentials

/// Why an attempt is stopped from outside before the agent's own end.
package enum StopCause: Sendable, Hashable {
    /// The wall time is used up.
    case timeLimit(Duration)
    /// Nothing came from the agent for so long.
    case idleLimit(Duration)
    /// The agent goes on after this number of turns.
    case turnLimit(Int)
    /// All kinds of tokens together are more than this.
    case tokenLimit(Int)
    /// The attempt cost more than this, in USD.
    case costLimit(Double)
    /// All attempts of this day cost more than this, in USD.
    case dailyCostLimit(Double)
    /// The account's limit is reached, and the agent would wait for its reset.
    case usageLimit(resetsAt: Date?)
    /// SIGINT.
    case interrupted
    /// SIGTERM.
    case terminated
    /// SIGHUP.
    case hungUp
}

extension StopCause {
    /// The cause of an attempt that ends by this stop.
    package var cause: Cause {
        switch self {
        case .timeLimit: .timeLimit
        case .idleLimit: .idleLimit
        case .turnLimit: .turnLimit
        case .tokenLimit: .tokenLimit
        case .costLimit: .costLimit
        case .dailyCostLimit: .dailyCostLimit
        case .usageLimit: .usageLimit
        case .interrupted: .interrupted
        case .terminated: .terminated
        case .hungUp: .hungUp
        }
    }

    /// Whether a limit asks for it, and not a person or the system.
    var isByLimit: Bool {
        switch self {
        case .interrupted, .terminated, .hungUp: false
        default: true
        }
    }

    /// How much it was; nil where there is no measure.
    var particulars: String? {
        switch self {
        case .timeLimit(let limit): "stopped after \(limit.inWords)"
        case .idleLimit(let limit): "nothing came from it for \(limit.inWords)"
        case .turnLimit(let limit): "it began another one after \(limit)"
        case .tokenLimit(let limit): "more than \(limit) were used"
        case .costLimit(let limit): "more than $\(limit.asMoney)"
        case .dailyCostLimit(let limit): "all attempts of today together cost more than $\(limit.asMoney)"
        case .usageLimit, .interrupted, .terminated, .hungUp: nil
        }
    }
}
