import OTLPWire
import Synchronization

/// One series of an instrument: a set of attributes and what its measurements have come to.
protocol MetricSeries: AnyObject, Sendable {
    /// What has been measured, at one moment.
    associatedtype Taken: Sendable

    var key: SeriesKey { get }

    /// Everything since the start; nil without a measurement.
    func read() -> Taken?

    /// Everything since the last time, which is thereby over; nil without a measurement. Nothing is lost between the two.
    func take() -> Taken?

    /// Has what was taken and not delivered counted once more.
    func putBack(_ taken: Taken)

    /// Writes a point.
    func append(_ taken: Taken, start: UInt64, time: UInt64, to points: inout MetricPoints)
}

/// What a series is found by, and since when it counts.
struct SeriesKey: ~Copyable, Sendable {
    let hash: UInt64
    let attributes: OTelAttributes

    /// Nanoseconds since 1970: the first measurement, or with delta temporality the last collection.
    let start: Atomic<UInt64>

    init(hash: UInt64, attributes: OTelAttributes, start: UInt64) {
        self.hash = hash
        self.attributes = attributes
        self.start = Atomic(start)
    }
}

/// The points of one instrument while it is collected.
struct MetricPoints: Sendable {
    var numbers: [NumberPoint] = []
    var histograms: [HistogramPoint] = []
    var exponentialHistograms: [ExponentialHistogramPoint] = []

    var isEmpty: Bool { numbers.isEmpty && histograms.isEmpty && exponentialHistograms.isEmpty }
}
