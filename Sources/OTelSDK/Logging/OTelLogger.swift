public import Instrumentation
import OTLPWire
public import Tracing

/// Emits log records and events of one instrumentation scope (specification/logs/api.md, Logger).
///
/// Get one from ``OTel/logger(named:version:)``. Code that logs with swift-log uses ``OTelLogHandler`` instead.
public struct OTelLogger: Sendable {
    let recorder: LogRecorder

    /// Whether a record would be recorded; false when logs are switched off and after shutdown.
    ///
    /// Ask it before making a record whose content costs much. Severity and event name do not matter yet.
    public func isEnabled(severity: OTelSeverity? = nil, eventName: String? = nil) -> Bool { recorder.isEnabled }

    /// Records a log record, or an event if it has an event name; never waits.
    ///
    /// - Parameters:
    ///   - body: The message, or structured content.
    ///   - severity: How severe it is; nil is not known.
    ///   - severityText: The severity as its source calls it.
    ///   - eventName: What kind of event this is, of which all have the same form.
    ///   - attributes: What else is known; it wins over what `error` says.
    ///   - error: Becomes `exception.type` and `exception.message` (semantic conventions, exceptions-logs.md).
    ///   - timestamp: When it happened; nil leaves that to the observed time.
    ///   - observedTimestamp: When it was seen; nil is now.
    ///   - context: Whose span the record belongs to; nil is the current one.
    public func emit(
        _ body: OTelValue = .empty,
        severity: OTelSeverity? = nil,
        severityText: String = "",
        eventName: String = "",
        attributes: [String: OTelValue] = [:],
        error: (any Error)? = nil,
        timestamp: (any TracerInstant)? = nil,
        observedTimestamp: (any TracerInstant)? = nil,
        context: ServiceContext? = nil
    ) {
        guard recorder.isEnabled else { return }
        var draft = recorder.begin(
            severity: severity,
            time: timestamp?.nanosecondsSinceEpoch,
            observedTime: observedTimestamp?.nanosecondsSinceEpoch,
            context: context ?? ServiceContext.current
        )
        draft.severityText(severityText)
        draft.eventName(eventName)
        draft.body(body.wire)
        for (key, value) in attributes { draft.attribute(key, value.wire) }
        if let error { draft.error(error) { attributes[$0] == nil } }
        draft.emit()
    }
}
