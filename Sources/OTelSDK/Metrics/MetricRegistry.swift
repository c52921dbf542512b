import OTLPWire
import Synchronization

/// All instruments of one SDK, whoever made them: meters and the swift-metrics factory share them.
final class MetricRegistry: Sendable {
    private struct State {
        /// In the order of first use, which is the order in requests.
        var instruments: [any MetricInstrument] = []
        /// Places by scope and name, names without regard to case.
        var places: [Name: [Int]] = [:]
    }

    private struct Name: Hashable {
        var scope: InstrumentationScope
        var lowercased: String
    }

    private let state = Mutex(State())
    private let configuration: OTelConfiguration
    private let reporter: DiagnosticReporter
    private let wallClock: @Sendable () -> UInt64

    init(
        _ configuration: OTelConfiguration,
        reporter: DiagnosticReporter,
        wallClock: @escaping @Sendable () -> UInt64
    ) {
        self.configuration = configuration
        self.reporter = reporter
        self.wallClock = wallClock
    }

    // MARK: Instruments

    func sum(_ descriptor: InstrumentDescriptor, anyUnit: Bool = false) -> SynchronousInstrument<SumSeries> {
        instrument(descriptor, anyUnit: anyUnit) { [wallClock] in
            let isDouble = descriptor.isDouble
            return synchronous(descriptor) { SumSeries($0, isDouble: isDouble, wallClock: wallClock) }
        }
    }

    func gauge(_ descriptor: InstrumentDescriptor, anyUnit: Bool = false) -> SynchronousInstrument<GaugeSeries> {
        instrument(descriptor, anyUnit: anyUnit) { synchronous(descriptor) { GaugeSeries($0) } }
    }

    /// Bounds of the configuration hold before those that the instrument advises; exponential buckets need none.
    func histogram(
        _ descriptor: InstrumentDescriptor,
        advisedBounds: [Double],
        anyUnit: Bool = false
    ) -> SynchronousInstrument<HistogramSeries> {
        instrument(descriptor, anyUnit: anyUnit) {
            let configured = configuration.histogramBounds[descriptor.name]
            let bounds: [Double]?
            switch MetricStream(descriptor, configuration).aggregation {
            case .explicitBuckets(let wanted): bounds = valid(wanted, of: descriptor.name)
            case .exponentialBuckets: bounds = nil
            case .byKind, .drop:
                let isExponential = configured == nil && configuration.histogramAggregation == .exponential
                bounds = isExponential ? nil : valid(configured ?? advisedBounds, of: descriptor.name)
            }
            return synchronous(descriptor) { HistogramSeries($0, bounds: bounds) }
        }
    }

    func observable(_ descriptor: InstrumentDescriptor) -> ObservableInstrument {
        instrument(descriptor) {
            ObservableInstrument(descriptor, MetricStream(descriptor, configuration), now: wallClock())
        }
    }

    private func synchronous<Series>(
        _ descriptor: InstrumentDescriptor,
        _ make: @escaping @Sendable (consuming SeriesKey) -> Series
    ) -> SynchronousInstrument<Series> {
        let stream = MetricStream(descriptor, configuration)
        let table = SeriesTable(keys: stream.keys, limit: stream.limit, wallClock: wallClock, make: make)
        return SynchronousInstrument(descriptor, stream, table)
    }

    private func valid(_ bounds: [Double], of name: String) -> [Double] {
        let isRising = zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
        if isRising, bounds.allSatisfy(\.isFinite) { return bounds }
        reporter.report(.metrics, "the bounds of histogram \"\(name)\" do not rise; it has the default ones")
        return HistogramBounds.standard
    }

    /// The instrument that was made first under this name, of this kind and unit; else a new one.
    ///
    /// Specification: metrics/sdk.md, Duplicate instrument registration.
    private func instrument<Instrument: MetricInstrument>(
        _ descriptor: InstrumentDescriptor,
        anyUnit: Bool = false,
        _ make: () -> Instrument
    ) -> Instrument {
        var problem: String?
        let instrument = state.withLock { state -> Instrument in
            let name = Name(scope: descriptor.scope, lowercased: descriptor.name.lowercased())
            let known = state.places[name, default: []].map { state.instruments[$0] }
            let same = known.first { known in
                let known = known.descriptor
                return known.kind == descriptor.kind && known.isDouble == descriptor.isDouble
                    && (anyUnit || known.unit == descriptor.unit)
            }
            if let same = same as? Instrument {
                problem = Self.difference(same.descriptor, descriptor, anyUnit: anyUnit)
                return same
            }
            if let other = known.first?.descriptor { problem = Self.conflict(other, descriptor) }
            let new = make()
            state.places[name, default: []].append(state.instruments.count)
            state.instruments.append(new)
            return new
        }
        if let problem { reporter.report(.metrics, problem) }
        return instrument
    }

    private static func difference(
        _ first: InstrumentDescriptor,
        _ second: InstrumentDescriptor,
        anyUnit: Bool
    ) -> String? {
        if first.name != second.name {
            return "metric \"\(second.name)\" is reported as \"\(first.name)\", the name that was seen first"
        }
        guard !anyUnit, first.description != second.description else { return nil }
        return "metric \"\(first.name)\" is made with two descriptions; it has the first, \"\(first.description)\""
    }

    private static func conflict(_ first: InstrumentDescriptor, _ second: InstrumentDescriptor) -> String {
        let (old, new) = (first.kind, second.kind)
        if old != new || first.isDouble != second.isDouble {
            return "metric \"\(second.name)\" is used as two kinds of instrument; receivers keep one of them"
        }
        return "metric \"\(second.name)\" has two units, \"\(first.unit)\" and \"\(second.unit)\"; receivers keep one"
    }

    // MARK: Collection

    /// Whether the user's code has to be asked, which may block.
    var hasCallbacks: Bool { state.withLock { $0.instruments }.contains { $0.hasCallbacks } }

    /// Asks all callbacks.
    func observe() {
        for instrument in state.withLock({ $0.instruments }) { instrument.observe() }
    }

    /// All instruments that have a point, after what was produced elsewhere; one collection at a time.
    func collect(at time: UInt64, produced: [MetricRecord] = [], in scope: InstrumentationScope) -> MetricCollection {
        var collection = MetricCollection()
        for record in produced { collection.add(CollectedMetric(record: record), to: scope) }
        for instrument in state.withLock({ $0.instruments }) {
            guard let metric = instrument.collect(at: time) else { continue }
            collection.add(metric, to: instrument.descriptor.scope)
        }
        return collection
    }

    /// Forgets a series; the overflow series stays, as it is not one set of attributes alone.
    func remove(_ series: AnyObject) {
        _ = state.withLock { $0.instruments }.contains { $0.remove(series) }
    }
}
