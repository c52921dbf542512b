import CoreMetrics
import OTLPWire
import Synchronization

/// A total of whole numbers or of numbers with fractions; an addition is one atomic instruction, or for doubles a short loop.
///
/// Whole numbers stop at the largest instead of starting anew.
final class SumSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    let key: SeriesKey
    private let isDouble: Bool
    private let wallClock: @Sendable () -> UInt64

    /// The number, or the bits of the double.
    private let bits = Atomic<Int64>(0)

    init(_ key: consuming SeriesKey, isDouble: Bool, wallClock: @escaping @Sendable () -> UInt64) {
        self.key = key
        self.isDouble = isDouble
        self.wallClock = wallClock
    }

    func add(_ amount: Int64) {
        let (old, new) = bits.wrappingAdd(amount, ordering: .relaxed)
        // Both operands have one sign and the sum has the other.
        if (old ^ new) & (amount ^ new) < 0 { bits.store(amount > 0 ? .max : .min, ordering: .relaxed) }
    }

    /// Infinities and NaN would spoil the sum for good; they are ignored.
    func add(_ amount: Double) {
        guard amount.isFinite else { return }
        var old = bits.load(ordering: .relaxed)
        while true {
            let sum = Double(bitPattern: UInt64(bitPattern: old)) + amount
            let new = Int64(bitPattern: sum.bitPattern)
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    /// What is negative would not be monotonic, and is ignored.
    func increment(by amount: Int64) {
        if amount > 0 { add(amount) }
    }

    /// What is negative would not be monotonic, and is ignored.
    func increment(by amount: Double) {
        if amount > 0 { add(amount) }
    }

    /// Starts anew from zero, and from now.
    func reset() {
        bits.store(0, ordering: .relaxed)
        key.start.store(wallClock(), ordering: .relaxed)
    }

    func read() -> NumberPoint.Value? { value(bits.load(ordering: .relaxed)) }

    func take() -> NumberPoint.Value? {
        let taken = bits.exchange(0, ordering: .relaxed)
        return taken == 0 ? nil : value(taken)
    }

    func putBack(_ taken: NumberPoint.Value) {
        switch taken {
        case .int(let amount): add(amount)
        case .double(let amount): add(amount)
        }
    }

    func append(_ taken: NumberPoint.Value, start: UInt64, time: UInt64, to points: inout MetricPoints) {
        points.numbers.append(NumberPoint(attributes: key.attributes.wire, startTime: start, time: time, value: taken))
    }

    private func value(_ bits: Int64) -> NumberPoint.Value {
        isDouble ? .double(Double(bitPattern: UInt64(bitPattern: bits))) : .int(bits)
    }
}
