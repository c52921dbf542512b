import CoreMetrics
import OTLPWire
import Synchronization

/// The last value that was set; no point before the first.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    let key: SeriesKey
    private let value = Mutex<NumberPoint.Value?>(nil)

    init(_ key: consuming SeriesKey) {
        self.key = key
    }

    func set(_ value: Int64) {
        self.value.withLock { $0 = .int(value) }
    }

    func set(_ value: Double) {
        self.value.withLock { $0 = .double(value) }
    }

    func increment(by amount: Double) {
        value.withLock { value in
            switch value {
            case nil: value = .double(amount)
            case .int(let old): value = .double(Double(old) + amount)
            case .double(let old): value = .double(old + amount)
            }
        }
    }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }

    func read() -> NumberPoint.Value? { value.withLock { $0 } }

    /// A gauge has no temporality: its last value stays.
    func take() -> NumberPoint.Value? { read() }

    /// The value is still there, or a later one.
    func putBack(_ taken: NumberPoint.Value) {
        value.withLock { $0 = $0 ?? taken }
    }

    func append(_ taken: NumberPoint.Value, start: UInt64, time: UInt64, to points: inout MetricPoints) {
        points.numbers.append(NumberPoint(attributes: key.attributes.wire, startTime: 0, time: time, value: taken))
    }
}
