extension JSONWriter {
    mutating func span(_ span: SpanRecord) {
        object { json in
            json.string("traceId", span.traceID.hex)
            json.string("spanId", span.spanID.hex)
            json.string("traceState", span.traceState)
            json.string("parentSpanId", span.parentSpanID?.hex ?? "")
            json.number("flags", span.flags)
            json.string("name", span.name)
            json.number("kind", span.kind.rawValue)
            json.wideNumber("startTimeUnixNano", span.startTime)
            json.wideNumber("endTimeUnixNano", span.endTime)
            json.attributes(span.attributes, dropped: span.droppedAttributes)
            json.array("events", span.events) { json, event in json.event(event) }
            json.number("droppedEventsCount", span.droppedEvents)
            json.array("links", span.links) { json, link in json.link(link) }
            json.number("droppedLinksCount", span.droppedLinks)
            if span.status != SpanRecord.Status() {
                json.object("status") { json in
                    json.string("message", span.status.message)
                    json.number("code", span.status.code.rawValue)
                }
            }
        }
    }

    private mutating func event(_ event: SpanRecord.Event) {
        object { json in
            json.wideNumber("timeUnixNano", event.time)
            json.string("name", event.name)
            json.attributes(event.attributes, dropped: event.droppedAttributes)
        }
    }

    private mutating func link(_ link: SpanRecord.Link) {
        object { json in
            json.string("traceId", link.traceID.hex)
            json.string("spanId", link.spanID.hex)
            json.string("traceState", link.traceState)
            json.attributes(link.attributes, dropped: link.droppedAttributes)
            json.number("flags", link.flags)
        }
    }

    mutating func log(_ record: LogRecord) {
        object { json in
            json.wideNumber("timeUnixNano", record.time)
            json.wideNumber("observedTimeUnixNano", record.observedTime)
            json.number("severityNumber", record.severityNumber)
            json.string("severityText", record.severityText)
            if record.body != .empty { json.value("body", record.body) }
            json.attributes(record.attributes, dropped: record.droppedAttributes)
            json.number("flags", record.flags)
            json.string("traceId", record.traceID?.hex ?? "")
            json.string("spanId", record.spanID?.hex ?? "")
            json.string("eventName", record.eventName)
        }
    }
}
