import CoreMetrics
import OTLPWire
import Synchronization

/// Values in buckets with fixed bounds (metrics/sdk.md, Explicit Bucket Histogram Aggregation).
final class HistogramSeries: RecorderHandler, TimerHandler, MetricSeries {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
        var min = Double.infinity
        var max = -Double.infinity
    }

    private let bounds: [Double]
    private let startTime: UInt64
    private let state: Mutex<State>

    init(bounds: [Double], wallClock: @Sendable () -> UInt64) {
        self.bounds = bounds
        startTime = wallClock()
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Timers count in seconds, the unit of the semantic conventions.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    /// Infinities and NaN belong into no bucket and would spoil the sum; they are ignored.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bucket(of: value)
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
            state.min = Swift.min(state.min, value)
            state.max = Swift.max(state.max, value)
        }
    }

    /// The first bound that is not below the value; bounds belong to the bucket under them.
    private func bucket(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func collect(into points: inout MetricPoints, attributes: SeriesAttributes, at time: UInt64) {
        let state = state.withLock { $0 }
        let count = state.counts.reduce(0, +)
        guard count > 0 else { return }
        points.histograms.append(
            HistogramPoint(
                attributes: attributes.attributes,
                startTime: startTime,
                time: time,
                count: count,
                // With negative values a sum is not monotonic, and receivers would take a fall for a restart.
                sum: state.min < 0 ? nil : state.sum,
                min: state.min,
                max: state.max,
                bucketCounts: state.counts,
                explicitBounds: bounds
            )
        )
    }
}
