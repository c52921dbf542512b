/// How fast a recording is played.
package enum ReplayPace: Sendable, Hashable {
    /// As fast as its tool calls can be carried out.
    case instant
    /// In the recorded time multiplied by this: 1 is the recorded time, 0.1 a tenth of it.
    case scaled(Double)

    /// In the recorded time.
    package static let recorded = Self.scaled(1)

    /// When a record is due that was written so long after the start, or nil if at once.
    func due(_ offset: Duration) -> Duration? {
        switch self {
        case .instant: nil
        case .scaled(let factor): factor > 0 && factor.isFinite ? offset * factor : nil
        }
    }
}
