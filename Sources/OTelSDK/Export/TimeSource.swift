/// The clocks that background work lives by; tests give their own, which take no time.
struct TimeSource: Sendable {
    /// Time since some fixed moment; never goes back.
    let now: @Sendable () -> Duration

    /// Throws `CancellationError` if its task is cancelled before.
    let sleep: @Sendable (Duration) async throws -> Void

    /// Nanoseconds since 1970.
    let wallClock: @Sendable () -> UInt64

    init<C: Clock>(_ clock: C, wallClock: @escaping @Sendable () -> UInt64) where C.Duration == Duration {
        let origin = clock.now
        now = { origin.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        self.wallClock = wallClock
    }
}
