public import CoreMetrics
import OTLPWire
import Synchronization

/// The metrics backend: counters, meters, recorders and timers of swift-metrics, kept where ``OTelMeter``'s are.
///
/// Counters become sums, meters and gauges become gauges, aggregating recorders become histograms, timers become
/// histograms in seconds; dimensions become attributes. Get it from ``OTel/metrics``; it may be bootstrapped with
/// `MetricsSystem`. An instrument that ``OTelMeter`` made in the same scope with the same name and kind is the same one.
public struct OTelMetricsFactory: MetricsFactory {
    private let registry: MetricRegistry
    private let counters: InstrumentsByLabel<SumSeries>
    private let floatingPointCounters: InstrumentsByLabel<SumSeries>
    private let gauges: InstrumentsByLabel<GaugeSeries>
    private let histograms: InstrumentsByLabel<HistogramSeries>
    private let timers: InstrumentsByLabel<HistogramSeries>

    init(registry: MetricRegistry, scope: InstrumentationScope) {
        self.registry = registry
        counters = InstrumentsByLabel { label in
            registry.sum(InstrumentDescriptor(scope: scope, name: label, kind: .counter), anyUnit: true)
        }
        floatingPointCounters = InstrumentsByLabel { label in
            registry.sum(InstrumentDescriptor(scope: scope, name: label, kind: .counter, isDouble: true), anyUnit: true)
        }
        gauges = InstrumentsByLabel { label in
            registry.gauge(InstrumentDescriptor(scope: scope, name: label, kind: .gauge), anyUnit: true)
        }
        histograms = InstrumentsByLabel { label in
            let descriptor = InstrumentDescriptor(scope: scope, name: label, kind: .histogram)
            return registry.histogram(descriptor, advisedBounds: HistogramBounds.standard, anyUnit: true)
        }
        timers = InstrumentsByLabel { label in
            let descriptor = InstrumentDescriptor(scope: scope, name: label, unit: "s", kind: .histogram)
            return registry.histogram(descriptor, advisedBounds: HistogramBounds.seconds)
        }
    }

    /// A counter of whole numbers.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counters.series(label, dimensions)
    }

    /// A counter of numbers with fractions.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        floatingPointCounters.series(label, dimensions)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauges.series(label, dimensions)
    }

    /// A histogram if it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histograms.series(label, dimensions) : gauges.series(label, dimensions)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        timers.series(label, dimensions)
    }

    /// Forgets the series.
    public func destroyCounter(_ handler: any CounterHandler) { registry.remove(handler) }

    /// Forgets the series.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.remove(handler) }

    /// Forgets the series.
    public func destroyMeter(_ handler: any MeterHandler) { registry.remove(handler) }

    /// Forgets the series.
    public func destroyRecorder(_ handler: any RecorderHandler) { registry.remove(handler) }

    /// Forgets the series.
    public func destroyTimer(_ handler: any TimerHandler) { registry.remove(handler) }
}

/// The instruments of one kind by their label, so that a handler that is made for one measurement costs little.
private final class InstrumentsByLabel<Series: MetricSeries>: Sendable {
    private let known = Mutex<[String: SynchronousInstrument<Series>]>([:])
    private let make: @Sendable (String) -> SynchronousInstrument<Series>

    init(_ make: @escaping @Sendable (String) -> SynchronousInstrument<Series>) {
        self.make = make
    }

    func series(_ label: String, _ dimensions: [(String, String)]) -> Series {
        let instrument = known.withLock { known in
            if let instrument = known[label] { return instrument }
            let instrument = make(label)
            known[label] = instrument
            return instrument
        }
        return instrument.table.series(Dimensions(pairs: dimensions))
    }
}
