/// What a receiver says when it took a request but not all of it (OTLP "Partial Success"); never sent again.
///
/// Nothing rejected and a message make a warning.
package struct PartialSuccess: Sendable, Hashable {
    /// Spans, data points or log records that were not accepted.
    package var rejected: Int64
    /// Why, in English, for a developer; may be empty.
    package var message: String

    package init(rejected: Int64, message: String) {
        self.rejected = rejected
        self.message = message
    }
}
