/// The metrics that one library made.
package struct ScopedMetrics: Sendable, Hashable {
    package var scope: InstrumentationScope
    package var metrics: [MetricRecord]

    package init(scope: InstrumentationScope, metrics: [MetricRecord]) {
        self.scope = scope
        self.metrics = metrics
    }
}
