import COTLP

extension LogRecord {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireLogRecord> {
        let message = arena.message(opentelemetry__proto__logs__v1__log_record__init)
        message.pointee.time_unix_nano = time
        message.pointee.observed_time_unix_nano = observedTime
        message.pointee.severity_number = .init(rawValue: UInt32(bitPattern: severityNumber))
        message.pointee.severity_text = arena.string(severityText, field: 3, of: message)
        if body != .empty { message.pointee.body = body.wire(&arena) }
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.dropped_attributes_count = droppedAttributes
        message.pointee.flags = flags
        if let traceID { message.pointee.trace_id = traceID.wire(&arena) }
        if let spanID { message.pointee.span_id = spanID.wire(&arena) }
        message.pointee.event_name = arena.string(eventName, field: 12, of: message)
        return message
    }
}
