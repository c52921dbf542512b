/// A value of which the last holds, such as a temperature; get it from ``OTelMeter``.
public struct OTelGauge<Number: OTelNumber>: Sendable {
    /// A gauge with its attributes: nothing has to be looked up.
    public struct Bound: Sendable {
        let series: GaugeSeries
    }

    let instrument: SynchronousInstrument<GaugeSeries>

    /// The gauge of one set of attributes, for places where they are known beforehand.
    public func bind(_ attributes: OTelAttributes) -> Bound {
        Bound(series: instrument.table.series(attributes))
    }
}

extension OTelGauge where Number == Int {
    /// Sets the value.
    public func record(_ value: Int, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.set(Int64(value)) }
    }
}

extension OTelGauge where Number == Double {
    /// Sets the value.
    public func record(_ value: Double, attributes: OTelAttributes = [:]) {
        instrument.table.withSeries(attributes) { $0.set(value) }
    }
}

extension OTelGauge.Bound where Number == Int {
    /// Sets the value.
    public func record(_ value: Int) { series.set(Int64(value)) }
}

extension OTelGauge.Bound where Number == Double {
    /// Sets the value.
    public func record(_ value: Double) { series.set(value) }
}
