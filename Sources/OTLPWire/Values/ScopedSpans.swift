/// The spans that one library made.
package struct ScopedSpans: Sendable, Hashable {
    package var scope: InstrumentationScope
    package var spans: [SpanRecord]

    package init(scope: InstrumentationScope, spans: [SpanRecord]) {
        self.scope = scope
        self.spans = spans
    }
}
