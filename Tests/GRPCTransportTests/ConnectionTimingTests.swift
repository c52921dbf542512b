import Testing

@testable import GRPCTransport

@Suite("When connections are tried, and when they are asked for a sign of life")
struct ConnectionTimingTests {
    private let start = ContinuousClock.now

    @Test("Waits grow by 1.6 from 1 s to 120 s, with a fifth of jitter (connection-backoff.md)")
    func growth() {
        for (fraction, jitter) in [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)] {
            var backoff = ConnectBackoff()
            var expected = 1.0
            for attempt in 0..<15 {
                backoff.attemptBegins(now: start, fraction: fraction)
                #expect(backoff.refusal(now: start) == (attempt == 0 ? nil : "refused"))
                backoff.attemptFailed("refused")
                let wait = Duration.seconds(expected * (attempt == 0 ? 1 : jitter))
                #expect(backoff.refusal(now: start + wait - .milliseconds(1)) == "refused")
                #expect(backoff.refusal(now: start + wait + .milliseconds(1)) == nil)
                expected = min(expected * 1.6, 120)
            }
        }
    }

    @Test("After a success or a reset the next try may come at once, and the waits begin anew")
    func reset() {
        var backoff = ConnectBackoff()
        for _ in 0..<5 {
            backoff.attemptBegins(now: start, fraction: 0.5)
            backoff.attemptFailed("refused")
        }
        backoff.reset()
        #expect(backoff.refusal(now: start) == nil)
        backoff.attemptBegins(now: start, fraction: 0.5)
        backoff.attemptFailed("refused")
        #expect(backoff.refusal(now: start + .seconds(1)) == nil)
    }

    @Test("Without a time, or without calls, there is no ping")
    func noKeepalive() {
        var off = Keepalive(time: nil, timeout: .seconds(20))
        #expect(off.step(now: start + .seconds(1_000), lastReceived: start, activeSince: start) == .wait(until: nil))
        var idle = Keepalive(time: .seconds(10), timeout: .seconds(20))
        #expect(idle.step(now: start + .seconds(1_000), lastReceived: start, activeSince: nil) == .wait(until: nil))
    }

    @Test("A ping goes after the time since the last byte, and the peer is given up after the timeout")
    func silence() {
        var keepalive = Keepalive(time: .seconds(10), timeout: .seconds(20))
        let last = start + .seconds(3)
        func step(_ seconds: Int, last: ContinuousClock.Instant?) -> Keepalive.Step {
            keepalive.step(now: start + .seconds(seconds), lastReceived: last, activeSince: start)
        }
        #expect(step(5, last: last) == .wait(until: start + .seconds(13)))
        #expect(step(13, last: last) == .ping)
        #expect(step(13, last: last) == .wait(until: start + .seconds(33)))
        #expect(step(32, last: last) == .wait(until: start + .seconds(33)))
        #expect(step(33, last: last) == .giveUp)
    }

    @Test("Any byte after the ping is a sign of life")
    func echo() {
        var keepalive = Keepalive(time: .seconds(10), timeout: .seconds(20))
        #expect(keepalive.step(now: start + .seconds(10), lastReceived: nil, activeSince: start) == .ping)
        let sign = start + .seconds(11)
        let next = keepalive.step(now: start + .seconds(12), lastReceived: sign, activeSince: start)
        #expect(next == .wait(until: start + .seconds(21)))
    }

    @Test("A connection that was idle for long is not pinged as soon as it gets a call")
    func afterIdleness() {
        var keepalive = Keepalive(time: .seconds(10), timeout: .seconds(20))
        let now = start + .seconds(1_000)
        #expect(keepalive.step(now: now, lastReceived: start, activeSince: now) == .wait(until: now + .seconds(10)))
    }
}
