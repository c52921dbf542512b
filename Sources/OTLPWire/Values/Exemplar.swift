/// One measurement that stands for others of its point: OTLP's `Exemplar`.
package struct Exemplar: Sendable, Hashable {
    /// Attributes of the measurement that the point does not have.
    package var attributes: [Attribute]
    /// Nanoseconds since 1970.
    package var time: UInt64
    package var value: NumberPoint.Value
    /// Of the span in which it was measured; nil outside any.
    package var traceID: TraceID?
    package var spanID: SpanID?

    package init(
        attributes: [Attribute] = [],
        time: UInt64,
        value: NumberPoint.Value,
        traceID: TraceID? = nil,
        spanID: SpanID? = nil
    ) {
        self.attributes = attributes
        self.time = time
        self.value = value
        self.traceID = traceID
        self.spanID = spanID
    }
}
