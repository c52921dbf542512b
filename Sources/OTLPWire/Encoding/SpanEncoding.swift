import COTLP

extension SpanRecord {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireSpan> {
        let message = arena.message(opentelemetry__proto__trace__v1__span__init)
        message.pointee.trace_id = traceID.wire(&arena)
        message.pointee.span_id = spanID.wire(&arena)
        if let parentSpanID { message.pointee.parent_span_id = parentSpanID.wire(&arena) }
        message.pointee.trace_state = arena.string(traceState, field: 3, of: message)
        message.pointee.flags = flags
        message.pointee.name = arena.string(name, field: 5, of: message)
        message.pointee.kind = .init(rawValue: kind.rawValue)
        message.pointee.start_time_unix_nano = startTime
        message.pointee.end_time_unix_nano = endTime
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.dropped_attributes_count = droppedAttributes
        message.pointee.events = arena.list(events) { event, arena in event.wire(&arena) }
        message.pointee.n_events = events.count
        message.pointee.dropped_events_count = droppedEvents
        message.pointee.links = arena.list(links) { link, arena in link.wire(&arena) }
        message.pointee.n_links = links.count
        message.pointee.dropped_links_count = droppedLinks
        if status != Status() { message.pointee.status = status.wire(&arena) }
        return message
    }
}

extension SpanRecord.Status {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireStatus> {
        let message = arena.message(opentelemetry__proto__trace__v1__status__init)
        message.pointee.code = .init(rawValue: code.rawValue)
        message.pointee.message = arena.string(self.message, field: 2, of: message)
        return message
    }
}

extension SpanRecord.Event {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireSpanEvent> {
        let message = arena.message(opentelemetry__proto__trace__v1__span__event__init)
        message.pointee.time_unix_nano = time
        message.pointee.name = arena.string(name, field: 2, of: message)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.dropped_attributes_count = droppedAttributes
        return message
    }
}

extension SpanRecord.Link {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireSpanLink> {
        let message = arena.message(opentelemetry__proto__trace__v1__span__link__init)
        message.pointee.trace_id = traceID.wire(&arena)
        message.pointee.span_id = spanID.wire(&arena)
        message.pointee.trace_state = arena.string(traceState, field: 3, of: message)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        message.pointee.dropped_attributes_count = droppedAttributes
        message.pointee.flags = flags
        return message
    }
}
