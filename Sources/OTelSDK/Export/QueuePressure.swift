import Synchronization

/// Whether a queue fills, so that its exporter waits no longer for a collector that is away.
final class QueuePressure: Sendable {
    private let high = Atomic(false)

    /// Raised when it becomes high, and when somebody else wants those who wait to look.
    let change = Signal()

    /// Whether so much waits that what comes next may not find room.
    var isHigh: Bool { high.load(ordering: .relaxed) }

    /// Called by one at a time.
    func set(_ isHigh: Bool) {
        guard self.isHigh != isHigh else { return }
        high.store(isHigh, ordering: .relaxed)
        if isHigh { change.raise() }
    }
}
