import OTLPWire
import Synchronization

/// All instruments of one metrics factory and their series.
final class MetricRegistry: Sendable {
    /// What an instrument is; a label that is used for two kinds makes two instruments.
    enum Kind: Sendable, Hashable {
        case counter, floatingPointCounter, gauge, histogram, timer
    }

    private struct InstrumentKey: Hashable {
        var label: String
        var kind: Kind
    }

    private struct Instrument {
        var series: [SeriesAttributes: any MetricSeries] = [:]
    }

    private struct State {
        /// In the order of first use, which is the order in requests.
        var order: [InstrumentKey] = []
        var instruments: [InstrumentKey: Instrument] = [:]
    }

    private let state = Mutex(State())
    private let cardinalityLimit: Int
    private let reporter: DiagnosticReporter

    init(cardinalityLimit: Int, reporter: DiagnosticReporter) {
        self.cardinalityLimit = max(1, cardinalityLimit)
        self.reporter = reporter
    }

    /// The series of these attributes, the same one each time; beyond the limit the overflow series.
    func series<Series: MetricSeries>(
        _ kind: Kind,
        _ label: String,
        _ dimensions: [(String, String)],
        make: () -> Series
    ) -> Series {
        let key = InstrumentKey(label: label, kind: kind)
        let attributes = SeriesAttributes(dimensions)
        var isConflict = false
        let series = state.withLock { state in
            if state.instruments[key] == nil {
                isConflict = state.order.contains { $0.label == label }
                state.order.append(key)
            }
            var instrument = state.instruments[key] ?? Instrument()
            defer { state.instruments[key] = instrument }
            // One place is the overflow series' own.
            let isFull = instrument.series[attributes] == nil && instrument.series.count >= cardinalityLimit - 1
            let place = isFull ? .overflow : attributes
            if let known = instrument.series[place] as? Series { return known }
            let new = make()
            instrument.series[place] = new
            return new
        }
        if isConflict {
            reporter.report(
                .metrics,
                "metric \"\(label)\" is used as two kinds of instrument; receivers keep one of them"
            )
        }
        return series
    }

    /// Forgets a series; the overflow series stays, as it is not one set of attributes alone.
    func remove(_ handler: AnyObject) {
        state.withLock { state in
            for key in state.order {
                guard let found = state.instruments[key]?.series.first(where: { $0.value === handler }) else {
                    continue
                }
                if found.key != .overflow { state.instruments[key]?.series[found.key] = nil }
                return
            }
        }
    }

    /// All instruments that have a point.
    func collect(at time: UInt64) -> [MetricRecord] {
        let instruments = state.withLock { state in state.order.map { ($0, state.instruments[$0]?.series ?? [:]) } }
        return instruments.compactMap { key, series in
            var points = MetricPoints()
            for (attributes, series) in series {
                series.collect(into: &points, attributes: attributes, at: time)
            }
            return record(key, points)
        }
    }

    private func record(_ key: InstrumentKey, _ points: MetricPoints) -> MetricRecord? {
        guard !points.numbers.isEmpty || !points.histograms.isEmpty else { return nil }
        let data: MetricRecord.Data =
            switch key.kind {
            case .counter, .floatingPointCounter:
                .sum(points: points.numbers, monotonic: true, temporality: .cumulative)
            case .gauge: .gauge(points.numbers)
            case .histogram, .timer: .histogram(points.histograms, temporality: .cumulative)
            }
        return MetricRecord(name: key.label, unit: key.kind == .timer ? "s" : "", data: data)
    }
}
