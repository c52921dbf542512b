import OTLPWire

/// What one collection has read, by scope.
struct MetricCollection: Sendable {
    private(set) var scopes: [ScopedMetrics] = []
    private var putBacks: [[(@Sendable () -> Void)?]] = []

    var isEmpty: Bool { scopes.isEmpty }

    mutating func add(_ metric: CollectedMetric, to scope: InstrumentationScope) {
        var place = scopes.firstIndex { $0.scope == scope }
        if place == nil {
            scopes.append(ScopedMetrics(scope: scope, metrics: []))
            putBacks.append([])
        }
        place = place ?? scopes.count - 1
        if let place {
            scopes[place].metrics.append(metric.record)
            putBacks[place].append(metric.putBack)
        }
    }

    /// Has the next collection report what was not delivered: metrics by their number, counted through all scopes.
    ///
    /// Delta points are added to what has been measured since, cumulative ones are read anew anyway. Not for what a
    /// receiver refused for good. A request whose answer was lost may have been taken, so its deltas may count twice.
    func putBack(_ metrics: Range<Int>? = nil) {
        let all = Array(putBacks.joined())
        for place in metrics ?? all.indices { all[place]?() }
    }
}
