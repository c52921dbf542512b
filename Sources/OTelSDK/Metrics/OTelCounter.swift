/// A total that only rises, such as requests or bytes; get it from ``OTelMeter``.
public struct OTelCounter<Number: OTelNumber>: Sendable {
    /// A counter with its attributes: nothing has to be looked up.
    public struct Bound: Sendable {
        let series: SumSeries
    }

    let instrument: SynchronousInstrument<SumSeries>

    /// The counter of one set of attributes, for places where they are known beforehand; it counts from zero at once.
    public func bind(_ attributes: OTelAttributes) -> Bound {
        Bound(series: instrument.table.series(attributes))
    }
}

extension OTelCounter where Number == Int {
    /// Adds a number; a negative one would not be a counter's, and is ignored.
    public func add(_ amount: Int = 1, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.increment(by: Int64(amount)) }
    }
}

extension OTelCounter where Number == Double {
    /// Adds a number; negative ones, infinities and NaN are ignored.
    public func add(_ amount: Double, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.increment(by: amount) }
    }
}

extension OTelCounter.Bound where Number == Int {
    /// Adds a number; a negative one would not be a counter's, and is ignored.
    public func add(_ amount: Int = 1) { series.increment(by: Int64(amount)) }
}

extension OTelCounter.Bound where Number == Double {
    /// Adds a number; negative ones, infinities and NaN are ignored.
    public func add(_ amount: Double) { series.increment(by: amount) }
}

/// A total that rises and falls, such as open connections; get it from ``OTelMeter``.
public struct OTelUpDownCounter<Number: OTelNumber>: Sendable {
    /// A counter with its attributes: nothing has to be looked up.
    public struct Bound: Sendable {
        let series: SumSeries
    }

    let instrument: SynchronousInstrument<SumSeries>

    /// The counter of one set of attributes, for places where they are known beforehand; it counts from zero at once.
    public func bind(_ attributes: OTelAttributes) -> Bound {
        Bound(series: instrument.table.series(attributes))
    }
}

extension OTelUpDownCounter where Number == Int {
    /// Adds a number, which may be negative.
    public func add(_ amount: Int, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.add(Int64(amount)) }
    }
}

extension OTelUpDownCounter where Number == Double {
    /// Adds a number, which may be negative; infinities and NaN are ignored.
    public func add(_ amount: Double, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.add(amount) }
    }
}

extension OTelUpDownCounter.Bound where Number == Int {
    /// Adds a number, which may be negative.
    public func add(_ amount: Int) { series.add(Int64(amount)) }
}

extension OTelUpDownCounter.Bound where Number == Double {
    /// Adds a number, which may be negative; infinities and NaN are ignored.
    public func add(_ amount: Double) { series.add(amount) }
}
