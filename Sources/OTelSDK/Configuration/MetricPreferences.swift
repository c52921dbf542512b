/// What the points of sums and histograms count from.
///
/// Specification: metrics/sdk_exporters/otlp.md.
public enum TemporalityPreference: String, Sendable, CaseIterable {
    /// From the start of the series, always.
    case cumulative
    /// From the last collection, for counters, asynchronous counters and histograms; up-down counters stay cumulative.
    case delta
    /// Delta for synchronous counters and histograms, cumulative for the rest: nothing has to be remembered.
    case lowMemory = "lowmemory"
}

/// How a histogram keeps its values.
public enum HistogramAggregation: String, Sendable, CaseIterable {
    /// In buckets with fixed bounds.
    case explicitBuckets = "explicit_bucket_histogram"
    /// In buckets whose bounds grow by a constant factor, which adapts to the values.
    case exponential = "base2_exponential_bucket_histogram"
}
