import OTLPWire
import Synchronization

/// An instrument that is asked at each collection; only what was observed for it is reported.
final class ObservableInstrument: MetricInstrument {
    typealias Observation = (attributes: OTelAttributes, value: NumberPoint.Value)
    typealias Callback = @Sendable () -> [Observation]

    /// What is remembered of a series between collections.
    private struct Entry: Sendable {
        /// The collection before its first observation.
        var start: UInt64
        /// The last observation that was reported, and when.
        var value: NumberPoint.Value
        var time: UInt64
    }

    private struct Collected: Sendable {
        var points: MetricPoints
        /// How their series stood until then.
        var before: [OTelAttributes: Entry]
    }

    private struct State {
        var callbacks: [Int: Callback] = [:]
        var nextCallback = 0
        var observations: [Observation] = []
        var entries: [OTelAttributes: Entry] = [:]
        var lastCollection: UInt64
    }

    let descriptor: InstrumentDescriptor
    private let stream: MetricStream
    private let state: Mutex<State>

    init(_ descriptor: InstrumentDescriptor, _ stream: MetricStream, now: UInt64) {
        self.descriptor = descriptor
        self.stream = stream
        state = Mutex(State(lastCollection: now))
    }

    /// - Returns: for ``removeCallback(_:)``.
    func addCallback(_ callback: @escaping Callback) -> Int {
        state.withLock { state in
            state.nextCallback += 1
            state.callbacks[state.nextCallback] = callback
            return state.nextCallback
        }
    }

    func removeCallback(_ number: Int) {
        state.withLock { _ = $0.callbacks.removeValue(forKey: number) }
    }

    var hasCallbacks: Bool { state.withLock { !$0.callbacks.isEmpty } }

    func observe() {
        let callbacks = state.withLock { $0.callbacks.sorted { $0.key < $1.key } }
        let observations = callbacks.flatMap { $0.value() }
        state.withLock { $0.observations = observations }
    }

    func collect(at time: UInt64) -> CollectedMetric? {
        let collected: Collected = state.withLock { points(at: time, &$0) }
        let before = collected.before
        guard let record = stream.record(collected.points) else { return nil }
        guard stream.temporality == .delta else { return CollectedMetric(record: record) }
        return CollectedMetric(record: record, putBack: { self.restore(before) })
    }

    private func points(at time: UInt64, _ state: inout State) -> Collected {
        var points = MetricPoints()
        var before: [OTelAttributes: Entry] = [:]
        let zero = NumberPoint.Value.zero(isDouble: descriptor.isDouble)
        let unknown = Entry(start: state.lastCollection, value: zero, time: state.lastCollection)
        for (attributes, value) in withinLimit(state.observations) {
            let old = state.entries[attributes] ?? unknown
            before[attributes] = old
            // A total that falls has begun anew.
            let isReset = descriptor.kind.isMonotonic && value < old.value
            let start = isReset ? state.lastCollection : old.start
            state.entries[attributes] = Entry(start: start, value: value, time: time)
            let isDelta = stream.temporality == .delta
            points.numbers.append(
                NumberPoint(
                    attributes: attributes.wire,
                    startTime: descriptor.kind == .observableGauge ? 0 : isDelta ? old.time : start,
                    time: time,
                    value: isDelta && !isReset ? value - old.value : value
                )
            )
        }
        if state.entries.count > stream.limit { state.entries = state.entries.filter { before[$0.key] != nil } }
        state.observations = []
        state.lastCollection = time
        return Collected(points: points, before: before)
    }

    func remove(_ series: AnyObject) -> Bool { false }

    /// The next delta then counts from where the undelivered one did.
    private func restore(_ entries: [OTelAttributes: Entry]) {
        state.withLock { $0.entries.merge(entries) { _, old in old } }
    }

    /// The last value of each set of attributes, in the order of their first observation; the sets beyond the limit in one.
    private func withinLimit(_ observations: [Observation]) -> [(OTelAttributes, NumberPoint.Value)] {
        var order: [OTelAttributes] = []
        var values: [OTelAttributes: NumberPoint.Value] = [:]
        for (attributes, value) in observations {
            let attributes = attributes.hasRepeatedKey ? attributes.withoutRepetition : attributes
            if values.updateValue(value, forKey: attributes) == nil { order.append(attributes) }
        }
        if case .all = stream.keys {} else { (order, values) = withoutOtherKeys(order, values) }
        var points = order.prefix(max(0, stream.limit - 1)).compactMap { attributes in
            values[attributes].map { (attributes, $0) }
        }
        let rest = order.dropFirst(points.count).compactMap { values[$0] }
        if let first = rest.first { points.append((.overflow, rest.dropFirst().reduce(first, combined))) }
        return points
    }

    /// What the view keeps of the attributes; what they no longer tell apart is put together.
    private func withoutOtherKeys(
        _ order: [OTelAttributes],
        _ values: [OTelAttributes: NumberPoint.Value]
    ) -> ([OTelAttributes], [OTelAttributes: NumberPoint.Value]) {
        var keptOrder: [OTelAttributes] = []
        var keptValues: [OTelAttributes: NumberPoint.Value] = [:]
        for attributes in order {
            guard let value = values[attributes] else { continue }
            let kept = stream.keys.kept(of: attributes) ?? attributes
            if let other = keptValues[kept] {
                keptValues[kept] = combined(other, value)
            } else {
                keptOrder.append(kept)
                keptValues[kept] = value
            }
        }
        return (keptOrder, keptValues)
    }

    /// One value for two sets of attributes: totals add up, of a gauge the later holds.
    private func combined(_ first: NumberPoint.Value, _ second: NumberPoint.Value) -> NumberPoint.Value {
        descriptor.kind == .observableGauge ? second : first + second
    }
}

extension NumberPoint.Value {
    fileprivate static func zero(isDouble: Bool) -> Self { isDouble ? .double(0) : .int(0) }

    /// Whole numbers stop at their limits; of an instrument all values are of one kind.
    fileprivate static func + (left: Self, right: Self) -> Self {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            let (sum, overflows) = left.addingReportingOverflow(right)
            return .int(overflows ? (right > 0 ? .max : .min) : sum)
        default: return .double(left.double + right.double)
        }
    }

    fileprivate static func - (left: Self, right: Self) -> Self {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            let (difference, overflows) = left.subtractingReportingOverflow(right)
            return .int(overflows ? (right < 0 ? .max : .min) : difference)
        default: return .double(left.double - right.double)
        }
    }

    fileprivate static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left < right
        default: left.double < right.double
        }
    }

    private var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        }
    }
}
