import Testing

@testable import Runner

@Suite("How often progress is written")
struct WritingAllowanceTests {
    private let start = ContinuousClock.now

    /// The pause after a write that began and ended at so many milliseconds.
    private func pause(_ allowance: inout WritingAllowance, _ began: Int, _ ended: Int) -> Duration {
        allowance.pause(afterWriteFrom: start + .milliseconds(began), to: start + .milliseconds(ended))
    }

    @Test("Writes now and then never wait, however many there are")
    func seldom() {
        var allowance = WritingAllowance(at: start)
        #expect((1...1000).allSatisfy { pause(&allowance, $0 * 100, $0 * 100 + 9) == .zero })
    }

    @Test("A flood of writes begins at once, and has a tenth of the time in the long run")
    func flood() {
        var allowance = WritingAllowance(at: start)
        var (now, writes) = (0, 0)
        while now < 60_000 {
            let wait = pause(&allowance, now, now + 5)
            if writes < 100 { #expect(wait == .zero, "write \(writes)") }
            now += 5 + Int(wait / .milliseconds(1))
            writes += 1
        }
        #expect((1200...1350).contains(writes), "\(writes)")
    }

    @Test("A disk that takes seconds makes no pause long")
    func slow() {
        var allowance = WritingAllowance(at: start)
        for second in stride(from: 0, to: 100, by: 10) {
            let wait = pause(&allowance, second * 1000, second * 1000 + 9000)
            #expect(wait == .milliseconds(250))
        }
        #expect(pause(&allowance, 200_000, 200_001) == .zero)
    }
}
