import OTLPWire

/// Makes instruments of one instrumentation scope (metrics/api.md, Meter); get it from ``OTel/meter``.
///
/// Making the same instrument again gives the same one: name (in any case), kind, number and unit decide. Two different
/// instruments of one name, or a name against the syntax (a letter, then at most 254 of letters, digits, `_`, `.`, `-`
/// and `/`), are told to ``OTelConfiguration/onDiagnostic``; the instrument works all the same.
///
/// ```swift
/// let requests = otel.meter.counter("http.server.requests", unit: "{request}")
/// requests.add(1, attributes: ["http.route": "/", "http.response.status_code": 200])
///
/// let hits = requests.bind(["http.route": "/"])      // once, outside of the loop
/// hits.add(1)                                         // one atomic instruction
/// ```
public struct OTelMeter: Sendable {
    let registry: MetricRegistry
    let scope: InstrumentationScope
    let reporter: DiagnosticReporter

    /// A total that only rises.
    public func counter<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type = Int.self,
        unit: String = "",
        description: String = ""
    ) -> OTelCounter<Number> {
        OTelCounter(instrument: registry.sum(descriptor(name, .counter, number, unit, description)))
    }

    /// A total that rises and falls.
    public func upDownCounter<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type = Int.self,
        unit: String = "",
        description: String = ""
    ) -> OTelUpDownCounter<Number> {
        OTelUpDownCounter(instrument: registry.sum(descriptor(name, .upDownCounter, number, unit, description)))
    }

    /// A value of which the last holds.
    public func gauge<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type = Int.self,
        unit: String = "",
        description: String = ""
    ) -> OTelGauge<Number> {
        OTelGauge(instrument: registry.gauge(descriptor(name, .gauge, Int.self, unit, description)))
    }

    /// A distribution of values.
    ///
    /// The bounds are advice, upper ones that rise: ``OTelConfiguration/histogramBounds`` holds before them, and
    /// exponential histograms (``OTelConfiguration/histogramAggregation``) need none.
    public func histogram(
        _ name: String,
        unit: String = "",
        description: String = "",
        bounds: [Double] = HistogramBounds.standard
    ) -> OTelHistogram {
        let descriptor = descriptor(name, .histogram, Int.self, unit, description)
        return OTelHistogram(instrument: registry.histogram(descriptor, advisedBounds: bounds))
    }

    /// A total that only rises and is kept elsewhere: the callback observes it at each collection, for each set of attributes.
    @discardableResult
    public func observableCounter<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type,
        unit: String = "",
        description: String = "",
        _ callback: @escaping @Sendable (inout OTelObserver<Number>) -> Void
    ) -> OTelObservation {
        observable(descriptor(name, .observableCounter, number, unit, description), callback)
    }

    /// A total that rises and falls and is kept elsewhere: the callback observes it at each collection.
    @discardableResult
    public func observableUpDownCounter<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type,
        unit: String = "",
        description: String = "",
        _ callback: @escaping @Sendable (inout OTelObserver<Number>) -> Void
    ) -> OTelObservation {
        observable(descriptor(name, .observableUpDownCounter, number, unit, description), callback)
    }

    /// A value that is kept elsewhere: the callback observes it at each collection.
    @discardableResult
    public func observableGauge<Number: OTelNumber>(
        _ name: String,
        of number: Number.Type,
        unit: String = "",
        description: String = "",
        _ callback: @escaping @Sendable (inout OTelObserver<Number>) -> Void
    ) -> OTelObservation {
        observable(descriptor(name, .observableGauge, number, unit, description), callback)
    }

    private func observable<Number: OTelNumber>(
        _ descriptor: InstrumentDescriptor,
        _ callback: @escaping @Sendable (inout OTelObserver<Number>) -> Void
    ) -> OTelObservation {
        let instrument = registry.observable(descriptor)
        let number = instrument.addCallback {
            var observer = OTelObserver<Number>()
            callback(&observer)
            return observer.observations
        }
        return OTelObservation { instrument.removeCallback(number) }
    }

    private func descriptor<Number: OTelNumber>(
        _ name: String,
        _ kind: InstrumentKind,
        _ number: Number.Type,
        _ unit: String,
        _ description: String
    ) -> InstrumentDescriptor {
        if !Self.isValid(name) {
            reporter.report(.metrics, "\"\(name)\" is no metric's name: a letter, then up to 254 letters, digits, _.-/")
        }
        return InstrumentDescriptor(
            scope: scope,
            name: name,
            unit: unit,
            description: description,
            kind: kind,
            isDouble: Number.self == Double.self
        )
    }

    /// The syntax of instrument names (metrics/api.md).
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 255 else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "_.-/".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
