import CoreMetrics
import OTLPWire
import Synchronization

/// One series of an instrument: what it has come to, as a point of a cumulative metric.
protocol MetricSeries: AnyObject, Sendable {
    /// Adds this series' point, if it has one.
    func collect(into points: inout MetricPoints, attributes: SeriesAttributes, at time: UInt64)
}

/// The points of one instrument while it is collected.
struct MetricPoints {
    var numbers: [NumberPoint] = []
    var histograms: [HistogramPoint] = []
}

/// A total of whole numbers; it stops at the largest number instead of starting anew.
final class CounterSeries: CounterHandler, MetricSeries {
    private struct State {
        var value: Int64 = 0
        var startTime: UInt64
    }

    private let state: Mutex<State>
    private let wallClock: @Sendable () -> UInt64

    init(wallClock: @escaping @Sendable () -> UInt64) {
        state = Mutex(State(startTime: wallClock()))
        self.wallClock = wallClock
    }

    /// What is negative would not be monotonic, and is ignored.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        state.withLock { state in
            let (sum, overflows) = state.value.addingReportingOverflow(amount)
            state.value = overflows ? .max : sum
        }
    }

    func reset() {
        state.withLock { $0 = State(startTime: wallClock()) }
    }

    func collect(into points: inout MetricPoints, attributes: SeriesAttributes, at time: UInt64) {
        let state = state.withLock { $0 }
        points.numbers.append(
            NumberPoint(
                attributes: attributes.attributes,
                startTime: state.startTime,
                time: time,
                value: .int(state.value)
            )
        )
    }
}

/// A total of numbers with fractions.
final class FloatingPointCounterSeries: FloatingPointCounterHandler, MetricSeries {
    private struct State {
        var value: Double = 0
        var startTime: UInt64
    }

    private let state: Mutex<State>
    private let wallClock: @Sendable () -> UInt64

    init(wallClock: @escaping @Sendable () -> UInt64) {
        state = Mutex(State(startTime: wallClock()))
        self.wallClock = wallClock
    }

    /// What is negative would not be monotonic; it, infinities and NaN are ignored.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        state.withLock { $0.value += amount }
    }

    func reset() {
        state.withLock { $0 = State(startTime: wallClock()) }
    }

    func collect(into points: inout MetricPoints, attributes: SeriesAttributes, at time: UInt64) {
        let state = state.withLock { $0 }
        points.numbers.append(
            NumberPoint(
                attributes: attributes.attributes,
                startTime: state.startTime,
                time: time,
                value: .double(state.value)
            )
        )
    }
}
