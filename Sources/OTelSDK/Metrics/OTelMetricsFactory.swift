public import CoreMetrics

/// The metrics backend: counters, meters, recorders and timers of swift-metrics as cumulative OTLP metrics.
///
/// Counters become sums, meters and gauges become gauges, aggregating recorders become histograms, timers become
/// histograms in seconds; dimensions become attributes. Get it from ``OTel/metrics``; it may be bootstrapped with
/// `MetricsSystem`.
public struct OTelMetricsFactory: MetricsFactory {
    let registry: MetricRegistry
    let bounds: [String: [Double]]
    let wallClock: @Sendable () -> UInt64

    /// A counter of whole numbers.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.series(.counter, label, dimensions) { CounterSeries(wallClock: wallClock) }
    }

    /// A counter of numbers with fractions.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        registry.series(.floatingPointCounter, label, dimensions) { FloatingPointCounterSeries(wallClock: wallClock) }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.series(.gauge, label, dimensions) { GaugeSeries() }
    }

    /// A histogram if it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return registry.series(.gauge, label, dimensions) { GaugeSeries() } }
        return registry.series(.histogram, label, dimensions) {
            HistogramSeries(bounds: bounds[label] ?? HistogramBounds.standard, wallClock: wallClock)
        }
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.series(.timer, label, dimensions) {
            HistogramSeries(bounds: bounds[label] ?? HistogramBounds.seconds, wallClock: wallClock)
        }
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
