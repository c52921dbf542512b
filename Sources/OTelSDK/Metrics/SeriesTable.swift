import Synchronization

/// The series of one instrument, found by attributes without a lock, at most as many as the cardinality limit says.
///
/// Readers look into an array of slots that is only ever filled; what takes something out makes a new array. What was
/// taken out is freed when no reader is under way, and a measurement that still reached it until then is moved to the
/// series that has its place (metrics/sdk.md: every measurement in exactly one aggregator).
@safe final class SeriesTable<Series: MetricSeries>: Sendable {
    private struct State {
        /// In the order of first use; with `overflow` all that are alive, and what keeps them so.
        var series: [Series] = []
        var overflow: Series?
        var slots = SeriesSlots<Series>(minimumCapacity: 8)
        /// Taken out for want of measurements; those that still arrive are not lost.
        var evicted: [Series] = []
        /// Former slots and removed series.
        var retired: [AnyObject] = []

        var all: [Series] { overflow.map { series + [$0] } ?? series }
    }

    private let state: Mutex<State>
    private let current: Atomic<Unmanaged<SeriesSlots<Series>>>
    private let readers = Atomic<Int>(0)
    private let keys: OTelView.Keys
    private let limit: Int
    private let wallClock: @Sendable () -> UInt64
    private let make: @Sendable (consuming SeriesKey) -> Series

    /// The overflow series counts towards the limit.
    init(
        keys: OTelView.Keys,
        limit: Int,
        wallClock: @escaping @Sendable () -> UInt64,
        make: @escaping @Sendable (consuming SeriesKey) -> Series
    ) {
        self.keys = keys
        self.limit = max(1, limit)
        self.wallClock = wallClock
        self.make = make
        let state = State()
        unsafe current = Atomic(Unmanaged.passUnretained(state.slots))
        self.state = Mutex(state)
    }

    /// Measures with the series of these attributes; beyond the limit with the overflow series.
    func withSeries(_ attributes: OTelAttributes, _ measure: (Series) -> Void) {
        if let kept = keys.kept(of: attributes) { return find(kept, measure) }
        find(attributes, measure)
    }

    private func find(_ attributes: OTelAttributes, _ measure: (Series) -> Void) {
        let hash = attributes.identity
        readers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let slots = unsafe current.load(ordering: .sequentiallyConsistent)
        let found = unsafe slots._withUnsafeGuaranteedRef { unsafe $0.find(hash, attributes) }
        if let found = unsafe found { unsafe found._withUnsafeGuaranteedRef { measure($0) } }
        readers.wrappingSubtract(1, ordering: .releasing)
        if unsafe found != nil { return }
        // Measured under the lock: until then nobody may take for idle what was just made.
        state.withLock { measure(series(hash, attributes, &$0)) }
    }

    /// The series itself, for a caller who keeps it; it stays as long as it is kept.
    func series(_ attributes: some AttributeList) -> Series {
        if let kept = keys.kept(of: attributes) { return state.withLock { series(kept.identity, kept, &$0) } }
        let hash = attributes.identity
        return state.withLock { series(hash, attributes, &$0) }
    }

    private func series(_ hash: UInt64, _ attributes: some AttributeList, _ state: inout State) -> Series {
        if let found = unsafe state.slots.find(hash, attributes) { return unsafe found.takeUnretainedValue() }
        if attributes.hasRepeatedKey {
            let unique = attributes.withoutRepetition
            return series(unique.identity, unique, &state)
        }
        // One place is the overflow series' own.
        guard state.series.count < limit - 1 else { return overflow(&state) }
        let new = make(SeriesKey(hash: hash, attributes: attributes.copy, start: wallClock()))
        state.series.append(new)
        if !state.slots.insert(new) { replaceSlots(&state) }
        return new
    }

    private func overflow(_ state: inout State) -> Series {
        if let overflow = state.overflow { return overflow }
        let new = make(SeriesKey(hash: OTelAttributes.overflow.identity, attributes: .overflow, start: wallClock()))
        state.overflow = new
        return new
    }

    /// What every series has come to.
    func read(at time: UInt64, into points: inout MetricPoints) {
        let all = state.withLock { state in
            reclaim(&state)
            return state.all
        }
        for series in all {
            guard let taken = series.read() else { continue }
            series.append(taken, start: series.key.start.load(ordering: .relaxed), time: time, to: &points)
        }
    }

    /// What every series has come to since the last time; its places are freed of series that nobody measures or keeps.
    ///
    /// - Returns: gives back what was taken, if it is not delivered.
    func take(at time: UInt64, into points: inout MetricPoints) -> @Sendable () -> Void {
        let taken = state.withLock { state in
            let taken = state.all.compactMap { series -> TakenFromSeries<Series>? in
                let start = series.key.start.exchange(time, ordering: .relaxed)
                return series.take().map { TakenFromSeries(series: series, taken: $0, start: start) }
            }
            evict(idleExcept: Set(taken.map { ObjectIdentifier($0.series) }), &state)
            return taken
        }
        for part in taken { part.series.append(part.taken, start: part.start, time: time, to: &points) }
        return { for part in taken { part.putBack() } }
    }

    private func evict(idleExcept active: Set<ObjectIdentifier>, _ state: inout State) {
        var kept: [Series] = []
        var evicted: [Series] = []
        for place in state.series.indices {
            // Who keeps a series may measure with it at any time.
            let isKept = !isKnownUniquelyReferenced(&state.series[place])
            if isKept || active.contains(ObjectIdentifier(state.series[place])) {
                kept.append(state.series[place])
            } else {
                evicted.append(state.series[place])
            }
        }
        if !evicted.isEmpty {
            state.series = kept
            state.evicted += evicted
            replaceSlots(&state)
        }
        reclaim(&state)
    }

    /// Forgets a series with what it has; the overflow series stays, as it is not one set of attributes alone.
    ///
    /// - Returns: whether it is one of this instrument.
    func remove(_ series: AnyObject) -> Bool {
        state.withLock { state in
            let place = state.series.firstIndex { $0 === series }
            guard let place else { return state.overflow === series }
            state.retired.append(state.series.remove(at: place))
            replaceSlots(&state)
            reclaim(&state)
            return true
        }
    }

    private func replaceSlots(_ state: inout State) {
        state.retired.append(state.slots)
        state.slots = SeriesSlots(minimumCapacity: 4 * state.series.count)
        for series in state.series { _ = state.slots.insert(series) }
        unsafe current.store(.passUnretained(state.slots), ordering: .sequentiallyConsistent)
    }

    /// Frees what no reader can see any more: whoever begins to read from now on reads the new slots.
    private func reclaim(_ state: inout State) {
        guard readers.load(ordering: .sequentiallyConsistent) == 0 else { return }
        state.retired = []
        let evicted = state.evicted
        state.evicted = []
        for gone in evicted {
            guard let late = gone.take() else { continue }
            let start = gone.key.start.load(ordering: .relaxed)
            let heir = series(gone.key.hash, gone.key.attributes, &state)
            TakenFromSeries(series: heir, taken: late, start: start).putBack()
        }
    }
}

/// What a collection took from a series.
private struct TakenFromSeries<Series: MetricSeries>: Sendable {
    let series: Series
    let taken: Series.Taken
    let start: UInt64

    func putBack() {
        series.putBack(taken)
        series.key.start.min(start, ordering: .relaxed)
    }
}
