import Synchronization

/// Where ids, jitter and file names get their random bits from; tests give their own.
struct RandomSource: Sendable {
    let next: @Sendable () -> UInt64

    /// The system's generator, asked for many numbers at once since each question is a system call.
    static func system() -> RandomSource {
        let pool = RandomPool()
        return RandomSource { pool.next() }
    }

    /// Never zero, which W3C Trace Context calls an invalid id.
    func nextID() -> UInt64 {
        while true {
            let id = next()
            if id != 0 { return id }
        }
    }

    /// Uniform in 0 ..< 1.
    func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

private final class RandomPool: Sendable {
    private let numbers = Mutex<[UInt64]>([])

    func next() -> UInt64 {
        numbers.withLock { numbers in
            if let number = numbers.popLast() { return number }
            var generator = SystemRandomNumberGenerator()
            numbers.reserveCapacity(64)
            for _ in 0..<63 { numbers.append(generator.next()) }
            return generator.next()
        }
    }
}
