import Synchronization

@testable import OTelSDK

/// A clock on which sleeping takes no time, but time passes.
final class InstantClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Instant(offset: .zero))

    var now: Instant { time.withLock { $0 } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
        await Task.yield()
    }

    func pass(_ duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }
}

extension TimeSource {
    /// Real time for waits, a fixed wall clock.
    static func real() -> TimeSource { TimeSource(ContinuousClock(), wallClock: { 1_700_000_000_000_000_000 }) }
}

extension RandomSource {
    /// 1, 2, 3 and so on.
    static func counting() -> RandomSource {
        let box = CounterBox()
        return RandomSource { box.next() }
    }
}

private final class CounterBox: Sendable {
    private let value = Mutex<UInt64>(0)

    func next() -> UInt64 {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
