import OTLPWire

/// What counters and gauges count in: `Int` or `Double`; there are no others.
public protocol OTelNumber: Sendable {}

extension Int: OTelNumber {}

extension Double: OTelNumber {}

/// Takes what a callback of an observable instrument observes, during one call of it.
public struct OTelObserver<Number: OTelNumber> {
    var observations: [ObservableInstrument.Observation] = []
}

extension OTelObserver where Number == Int {
    /// Reports a value; of the same attributes the last one holds.
    public mutating func observe(_ value: Int, attributes: OTelAttributes = [:]) {
        observations.append((attributes, .int(Int64(value))))
    }
}

extension OTelObserver where Number == Double {
    /// Reports a value; of the same attributes the last one holds, and infinities and NaN are left out.
    public mutating func observe(_ value: Double, attributes: OTelAttributes = [:]) {
        if value.isFinite { observations.append((attributes, .double(value))) }
    }
}

/// The callback of an observable instrument; it is asked until it is cancelled, also if nobody keeps this.
public struct OTelObservation: Sendable {
    let end: @Sendable () -> Void

    /// Has the callback not asked any more.
    public func cancel() { end() }
}
