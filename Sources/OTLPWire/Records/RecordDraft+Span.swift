extension RecordDraft {
    /// The name; the last one counts.
    package mutating func setName(_ name: String, in store: RecordStore) {
        setText(.name, name, in: store)
    }

    /// When it began, in nanoseconds since 1970.
    package mutating func setStartTime(_ time: UInt64) {
        RecordHead(head).startTime = time
    }

    package mutating func setTraceState(_ traceState: String, in store: RecordStore) {
        setText(.traceState, traceState, in: store)
    }

    /// Replaces the status; in which order that is right is the caller's to know.
    package mutating func setStatus(_ status: SpanRecord.Status, in store: RecordStore) {
        setText(.statusMessage, status.message, in: store)
        RecordHead(head).status = status.code.rawValue
    }

    /// Adds an event, or counts it as dropped.
    package mutating func addEvent(_ event: SpanRecord.Event, _ limits: RecordLimits, in store: RecordStore) {
        let head = RecordHead(head)
        let content = 21 + event.name.utf8.count + ValueWriter.size(event.attributes)
        guard Int(head.events) < limits.events, let entry = reserve(.event, content: content, in: store) else {
            head.droppedEvents &+= 1
            return
        }
        var writer = ValueWriter(entry.content)
        writer.put(event.time)
        writer.put(event.droppedAttributes)
        writer.put(UInt32(event.attributes.count))
        event.name.withBytes { writer.key($0) }
        for attribute in event.attributes { writer.attribute(attribute) }
        commit(entry)
        head.events += 1
    }

    /// Adds a link, or counts it as dropped.
    package mutating func addLink(_ link: SpanRecord.Link, _ limits: RecordLimits, in store: RecordStore) {
        let head = RecordHead(head)
        let content = 41 + link.traceState.utf8.count + ValueWriter.size(link.attributes)
        guard Int(head.links) < limits.links, let entry = reserve(.link, content: content, in: store) else {
            head.droppedLinks &+= 1
            return
        }
        var writer = ValueWriter(entry.content)
        writer.put(link.traceID.high.bigEndian)
        writer.put(link.traceID.low.bigEndian)
        writer.put(link.spanID.value.bigEndian)
        writer.put(link.flags)
        writer.put(link.droppedAttributes)
        writer.put(UInt32(link.attributes.count))
        link.traceState.withBytes { writer.key($0) }
        for attribute in link.attributes { writer.attribute(attribute) }
        commit(entry)
        head.links += 1
    }

    /// Writes a text of which the last one counts; an empty one is written only to replace another.
    mutating func setText(_ kind: RecordEntry.Kind, _ text: String, in store: RecordStore) {
        let old = RecordEntries(head).first { $0.kind == kind && !$0.isDead }
        guard old != nil || !text.isEmpty else { return }
        text.withBytes { bytes in
            let content = 5 + bytes.count
            if let old, RecordEntry.headerSize + content <= old.size {
                var writer = ValueWriter(old.content)
                writer.key(bytes)
                return
            }
            // With room to grow, in case it is replaced again and again.
            guard let entry = reserve(kind, content: old == nil ? content : 2 * content, in: store) else { return }
            var writer = ValueWriter(entry.content)
            writer.key(bytes)
            commit(entry)
            old?.isDead = true
        }
    }
}

extension RecordDraft {
    package mutating func setSeverityText(_ text: String, in store: RecordStore) {
        setText(.severityText, text, in: store)
    }

    package mutating func setEventName(_ name: String, in store: RecordStore) {
        setText(.name, name, in: store)
    }

    /// The body of a log record; set once.
    package mutating func setBody(_ body: AttributeValue, _ limits: RecordLimits, in store: RecordStore) {
        let body = body.limited(to: limits.valueLength)
        guard body != .empty, let entry = reserve(.body, content: ValueWriter.size(body), in: store) else { return }
        var writer = ValueWriter(entry.content)
        writer.value(body)
        commit(entry)
    }

    /// A whole span that exists as a value.
    package static func finished(_ span: SpanRecord, scope: RecordScope, in store: RecordStore) -> RecordHandle {
        let start = RecordStart(
            traceID: span.traceID,
            spanID: span.spanID,
            parentSpanID: span.parentSpanID ?? SpanID(value: 0),
            flags: span.flags,
            code: span.kind.rawValue,
            time: span.startTime
        )
        var draft = RecordDraft.span(start, scope: scope, in: store)
        let limits = RecordLimits(events: .max, links: .max)
        draft.setName(span.name, in: store)
        draft.setTraceState(span.traceState, in: store)
        if span.status != SpanRecord.Status() { draft.setStatus(span.status, in: store) }
        for attribute in span.attributes { draft.appendAttribute(attribute, in: store) }
        for event in span.events { draft.addEvent(event, limits, in: store) }
        for link in span.links { draft.addLink(link, limits, in: store) }
        let head = RecordHead(draft.head)
        head.droppedAttributes = span.droppedAttributes
        head.droppedEvents = span.droppedEvents
        head.droppedLinks = span.droppedLinks
        return draft.finish(endTime: span.endTime, in: store)
    }

    /// A whole log record that exists as a value.
    package static func finished(_ log: LogRecord, scope: RecordScope, in store: RecordStore) -> RecordHandle {
        let start = RecordStart(
            traceID: log.traceID ?? TraceID(high: 0, low: 0),
            spanID: log.spanID ?? SpanID(value: 0),
            flags: log.flags,
            code: UInt32(bitPattern: log.severityNumber),
            time: log.time,
            endTime: log.observedTime
        )
        var draft = RecordDraft.log(start, scope: scope, in: store)
        draft.setSeverityText(log.severityText, in: store)
        draft.setEventName(log.eventName, in: store)
        draft.setBody(log.body, RecordLimits(), in: store)
        for attribute in log.attributes { draft.appendAttribute(attribute, in: store) }
        RecordHead(draft.head).droppedAttributes = log.droppedAttributes
        return draft.finish(endTime: 0, in: store)
    }
}
