/// A distribution of values, such as durations or sizes; get it from ``OTelMeter``.
public struct OTelHistogram: Sendable {
    /// A histogram with its attributes: nothing has to be looked up.
    public struct Bound: Sendable {
        let series: HistogramSeries

        /// Counts a value; infinities and NaN belong into no bucket and are ignored.
        public func record(_ value: Double) { series.record(value) }

        /// Counts a duration, in seconds.
        public func record(_ duration: Duration) { series.record(duration.seconds) }
    }

    let instrument: SynchronousInstrument<HistogramSeries>

    /// The histogram of one set of attributes, for places where they are known beforehand.
    public func bind(_ attributes: OTelAttributes) -> Bound {
        Bound(series: instrument.table.series(attributes))
    }

    /// Counts a value; infinities and NaN belong into no bucket and are ignored.
    public func record(_ value: Double, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.record(value) }
    }

    /// Counts a duration, in seconds.
    public func record(_ duration: Duration, attributes: OTelAttributes = [:]) {
        record(duration.seconds, attributes: attributes)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
