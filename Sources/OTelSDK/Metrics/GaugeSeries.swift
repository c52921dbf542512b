import CoreMetrics
import OTLPWire
import Synchronization

/// The last value that was set; no point before the first.
final class GaugeSeries: MeterHandler, RecorderHandler, MetricSeries {
    private let value = Mutex<NumberPoint.Value?>(nil)

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

    func collect(into points: inout MetricPoints, attributes: SeriesAttributes, at time: UInt64) {
        guard let value = value.withLock({ $0 }) else { return }
        points.numbers.append(NumberPoint(attributes: attributes.attributes, startTime: 0, time: time, value: value))
    }
}
