/// The bucket bounds that histograms have unless ``OTelConfiguration/histogramBounds`` says otherwise.
public enum HistogramBounds {
    /// The specification's default (metrics/sdk.md, Explicit Bucket Histogram Aggregation).
    public static let standard: [Double] = [
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
    ]

    /// For durations in seconds: the bounds that the semantic conventions advise for requests.
    public static let seconds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
}
