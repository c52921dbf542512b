import CoreMetrics
import OTLPWire
import Synchronization

/// A distribution of values, in buckets with fixed bounds or in exponential ones.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    /// What has been measured.
    struct Distribution: Sendable {
        var sum = 0.0
        var min = Double.infinity
        var max = -Double.infinity
        var count: UInt64 = 0
        /// By fixed bounds, one more than there are bounds; empty if the buckets are exponential.
        var counts: [UInt64] = []
        var exponential = ExponentialBuckets()
    }

    let key: SeriesKey
    /// Upper bounds, inclusive and rising; nil is exponential.
    private let bounds: [Double]?
    private let state: Mutex<Distribution>

    init(_ key: consuming SeriesKey, bounds: [Double]?) {
        self.key = key
        self.bounds = bounds
        state = Mutex(Self.empty(bounds))
    }

    private static func empty(_ bounds: [Double]?) -> Distribution {
        var distribution = Distribution()
        if let bounds { distribution.counts = Array(repeating: 0, count: bounds.count + 1) }
        return distribution
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Timers count in seconds, the unit of the semantic conventions.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    /// Infinities and NaN belong into no bucket and would spoil the sum; they are ignored.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.map { Self.bucket(of: value, in: $0) }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 } else { state.exponential.count(value) }
            state.count += 1
            state.sum += value
            state.min = Swift.min(state.min, value)
            state.max = Swift.max(state.max, value)
        }
    }

    /// The first bound that is not below the value; bounds belong to the bucket under them.
    private static func bucket(of value: Double, in bounds: [Double]) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func read() -> Distribution? {
        let state = state.withLock { $0 }
        return state.count == 0 ? nil : state
    }

    func take() -> Distribution? {
        let empty = Self.empty(bounds)
        return state.withLock { state in
            guard state.count > 0 else { return nil }
            defer { state = empty }
            return state
        }
    }

    func putBack(_ taken: Distribution) {
        state.withLock { state in
            state.count += taken.count
            state.sum += taken.sum
            state.min = Swift.min(state.min, taken.min)
            state.max = Swift.max(state.max, taken.max)
            for place in taken.counts.indices { state.counts[place] += taken.counts[place] }
            if bounds == nil { state.exponential.add(taken.exponential) }
        }
    }

    func append(_ taken: Distribution, start: UInt64, time: UInt64, to points: inout MetricPoints) {
        // With negative values a sum is not monotonic, and receivers would take a fall for a restart.
        let sum = taken.min < 0 ? nil : taken.sum
        let attributes = key.attributes.wire
        guard let bounds else {
            let buckets = taken.exponential
            points.exponentialHistograms.append(
                ExponentialHistogramPoint(
                    attributes: attributes,
                    startTime: start,
                    time: time,
                    count: taken.count,
                    sum: sum,
                    min: taken.min,
                    max: taken.max,
                    scale: Int32(buckets.scale),
                    zeroCount: buckets.zeroCount,
                    positive: buckets.positive.wire,
                    negative: buckets.negative.wire
                )
            )
            return
        }
        points.histograms.append(
            HistogramPoint(
                attributes: attributes,
                startTime: start,
                time: time,
                count: taken.count,
                sum: sum,
                min: taken.min,
                max: taken.max,
                bucketCounts: taken.counts,
                explicitBounds: bounds
            )
        )
    }
}

extension ExponentialBuckets.Side {
    fileprivate var wire: ExponentialHistogramPoint.Buckets {
        ExponentialHistogramPoint.Buckets(offset: Int32(offset), counts: counts)
    }
}
