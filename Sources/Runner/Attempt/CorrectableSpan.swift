package import Tracing

/// A span whose beginning can be corrected while it lasts; the API of traces has no word for that.
///
/// What tells of an operation that has begun often knows only later when exactly.
package protocol CorrectableSpan: Tracing.Span {
    /// Sets when it began.
    func setStartTime<Instant: TracerInstant>(_ instant: Instant)
}
