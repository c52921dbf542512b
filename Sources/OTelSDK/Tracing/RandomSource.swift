import Synchronization

/// Where ids, jitter and file names get their random bits from; tests give their own.
struct RandomSource: Sendable {
    let next: @Sendable () -> UInt64
    private let generator: SeededGenerator?

    init(_ next: @escaping @Sendable () -> UInt64) {
        self.next = next
        generator = nil
    }

    private init(_ generator: SeededGenerator) {
        next = { generator.next() }
        self.generator = generator
    }

    /// A fast generator with a seed from the system, so that no id costs a system call.
    static func system() -> RandomSource { RandomSource(SeededGenerator()) }

    /// Never zero, which W3C Trace Context calls an invalid id.
    func nextID() -> UInt64 {
        while true {
            let id = next()
            if id != 0 { return id }
        }
    }

    /// A trace id in two halves and a span id, none of them zero.
    func nextIDs() -> (high: UInt64, low: UInt64, span: UInt64) {
        if let ids = generator?.nextThree(), ids.high != 0, ids.low != 0, ids.span != 0 { return ids }
        return (nextID(), nextID(), nextID())
    }

    /// Uniform in 0 ..< 1.
    func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// xoshiro256++ (Blackman and Vigna, 2019), seeded by the system; ids have to be unique, not secret.
private final class SeededGenerator: Sendable {
    private struct State {
        var words: (UInt64, UInt64, UInt64, UInt64)

        mutating func next() -> UInt64 {
            let sum = words.0 &+ words.3
            let result = (sum << 23 | sum >> 41) &+ words.0
            let shifted = words.1 << 17
            words.2 ^= words.0
            words.3 ^= words.1
            words.1 ^= words.2
            words.0 ^= words.3
            words.2 ^= shifted
            words.3 = words.3 << 45 | words.3 >> 19
            return result
        }
    }

    private let state: Mutex<State>

    init() {
        var system = SystemRandomNumberGenerator()
        // All zero would stay zero.
        state = Mutex(State(words: (system.next() | 1, system.next(), system.next(), system.next())))
    }

    func next() -> UInt64 { state.withLock { $0.next() } }

    func nextThree() -> (high: UInt64, low: UInt64, span: UInt64) {
        state.withLock { ($0.next(), $0.next(), $0.next()) }
    }
}
