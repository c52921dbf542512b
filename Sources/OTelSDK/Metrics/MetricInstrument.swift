import OTLPWire

/// What an instrument measures (metrics/api.md, Instrument).
enum InstrumentKind: Sendable, Hashable {
    case counter, upDownCounter, histogram, gauge, observableCounter, observableUpDownCounter, observableGauge

    var isMonotonic: Bool { self == .counter || self == .observableCounter }
}

/// What an instrument is known by.
struct InstrumentDescriptor: Sendable {
    var scope: InstrumentationScope
    var name: String
    var unit = ""
    var description = ""
    var kind: InstrumentKind
    /// Sums only: whether the total has fractions.
    var isDouble = false
}

/// An instrument with its series, as the collection sees it.
protocol MetricInstrument: AnyObject, Sendable {
    var descriptor: InstrumentDescriptor { get }

    /// Whether ``observe()`` asks the user's code.
    var hasCallbacks: Bool { get }

    /// Asks the callbacks, which may block.
    func observe()

    /// What there is to report; one collection at a time.
    func collect(at time: UInt64) -> CollectedMetric?

    /// Forgets a series; false if it is another instrument's.
    func remove(_ series: AnyObject) -> Bool
}

/// A metric on its way, and how to keep it if it does not arrive.
struct CollectedMetric: Sendable {
    var record: MetricRecord

    /// Has the next collection report it once more; nil where that happens anyway.
    var putBack: (@Sendable () -> Void)?
}

/// An instrument that is told what happens when it happens.
final class SynchronousInstrument<Series: MetricSeries>: MetricInstrument {
    let descriptor: InstrumentDescriptor
    let table: SeriesTable<Series>
    private let stream: MetricStream

    init(_ descriptor: InstrumentDescriptor, _ stream: MetricStream, _ table: SeriesTable<Series>) {
        self.descriptor = descriptor
        self.stream = stream
        self.table = table
    }

    var hasCallbacks: Bool { false }

    func observe() {}

    func collect(at time: UInt64) -> CollectedMetric? {
        var points = MetricPoints()
        var putBack: (@Sendable () -> Void)?
        if stream.temporality == .delta {
            putBack = table.take(at: time, into: &points)
        } else {
            table.read(at: time, into: &points)
        }
        return stream.record(points).map { CollectedMetric(record: $0, putBack: putBack) }
    }

    func remove(_ series: AnyObject) -> Bool { table.remove(series) }
}
