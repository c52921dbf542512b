import COTLP

// Records as protobuf-c's structs, which point into the record's memory.

extension MessageArena {
    mutating func span(_ record: Extent) -> UnsafeMutablePointer<WireSpan> {
        let message = message(opentelemetry__proto__trace__v1__span__init)
        let head = RecordHead(record)
        message.pointee.trace_id = ProtobufCBinaryData(len: 16, data: head.traceID.assumingMemoryBound(to: UInt8.self))
        message.pointee.span_id = ProtobufCBinaryData(len: 8, data: head.spanID.assumingMemoryBound(to: UInt8.self))
        if head.parentID.load(as: UInt64.self) != 0 {
            let data = head.parentID.assumingMemoryBound(to: UInt8.self)
            message.pointee.parent_span_id = ProtobufCBinaryData(len: 8, data: data)
        }
        message.pointee.flags = head.flags
        message.pointee.kind = .init(rawValue: head.code)
        message.pointee.start_time_unix_nano = head.startTime
        message.pointee.end_time_unix_nano = head.endTime
        message.pointee.dropped_attributes_count = head.droppedAttributes
        message.pointee.dropped_events_count = head.droppedEvents
        message.pointee.dropped_links_count = head.droppedLinks
        if head.status != 0 {
            message.pointee.status = self.message(opentelemetry__proto__trace__v1__status__init)
            message.pointee.status.pointee.code = .init(rawValue: head.status)
        }
        var attributes = AttributeList(count: Int(head.attributes), &self)
        let events = pointers(to: WireSpanEvent.self, count: Int(head.events))
        let links = pointers(to: WireSpanLink.self, count: Int(head.links))
        for entry in RecordEntries(record) where !entry.isDead {
            var reader = ContentReader(entry.content)
            switch entry.kind {
            case .attribute: attributes.add(&reader, &self)
            case .name: message.pointee.name = string(&reader, field: 5, of: message)
            case .traceState: message.pointee.trace_state = string(&reader, field: 3, of: message)
            case .statusMessage: statusMessage(&reader, of: message)
            case .event:
                events?[message.pointee.n_events] = event(&reader)
                message.pointee.n_events += 1
            case .link:
                links?[message.pointee.n_links] = link(&reader)
                message.pointee.n_links += 1
            case .severityText, .body, .version, .schemaURL, nil: break
            }
        }
        message.pointee.attributes = attributes.pointers
        message.pointee.n_attributes = attributes.count
        message.pointee.events = events
        message.pointee.links = links
        return message
    }

    mutating func log(_ record: Extent) -> UnsafeMutablePointer<WireLogRecord> {
        let message = message(opentelemetry__proto__logs__v1__log_record__init)
        let head = RecordHead(record)
        message.pointee.time_unix_nano = head.startTime
        message.pointee.observed_time_unix_nano = head.endTime
        message.pointee.severity_number = .init(rawValue: head.code)
        message.pointee.dropped_attributes_count = head.droppedAttributes
        message.pointee.flags = head.flags
        if head.traceID.load(as: UInt64.self) | head.traceID.load(fromByteOffset: 8, as: UInt64.self) != 0 {
            let data = head.traceID.assumingMemoryBound(to: UInt8.self)
            message.pointee.trace_id = ProtobufCBinaryData(len: 16, data: data)
        }
        if head.spanID.load(as: UInt64.self) != 0 {
            message.pointee.span_id = ProtobufCBinaryData(len: 8, data: head.spanID.assumingMemoryBound(to: UInt8.self))
        }
        var attributes = AttributeList(count: Int(head.attributes), &self)
        for entry in RecordEntries(record) where !entry.isDead {
            var reader = ContentReader(entry.content)
            switch entry.kind {
            case .attribute: attributes.add(&reader, &self)
            case .name: message.pointee.event_name = string(&reader, field: 12, of: message)
            case .severityText: message.pointee.severity_text = string(&reader, field: 3, of: message)
            case .body:
                message.pointee.body = self.message(opentelemetry__proto__common__v1__any_value__init)
                value(&reader, into: message.pointee.body)
            case .traceState, .statusMessage, .event, .link, .version, .schemaURL, nil: break
            }
        }
        message.pointee.attributes = attributes.pointers
        message.pointee.n_attributes = attributes.count
        return message
    }

    private mutating func statusMessage(_ reader: inout ContentReader, of span: UnsafeMutablePointer<WireSpan>) {
        guard let status = span.pointee.status else { return }
        status.pointee.message = string(&reader, field: 2, of: status)
    }

    private mutating func event(_ reader: inout ContentReader) -> UnsafeMutablePointer<WireSpanEvent> {
        let message = message(opentelemetry__proto__trace__v1__span__event__init)
        message.pointee.time_unix_nano = reader.take(UInt64.self)
        message.pointee.dropped_attributes_count = reader.take(UInt32.self)
        let count = Int(reader.take(UInt32.self))
        message.pointee.name = string(&reader, field: 2, of: message)
        (message.pointee.attributes, message.pointee.n_attributes) = attributes(&reader, count: count)
        return message
    }

    private mutating func link(_ reader: inout ContentReader) -> UnsafeMutablePointer<WireSpanLink> {
        let message = message(opentelemetry__proto__trace__v1__span__link__init)
        message.pointee.trace_id = reader.binary(count: 16)
        message.pointee.span_id = reader.binary(count: 8)
        message.pointee.flags = reader.take(UInt32.self)
        message.pointee.dropped_attributes_count = reader.take(UInt32.self)
        let count = Int(reader.take(UInt32.self))
        message.pointee.trace_state = string(&reader, field: 3, of: message)
        (message.pointee.attributes, message.pointee.n_attributes) = attributes(&reader, count: count)
        return message
    }

    /// Uninitialised; nil for none, as protobuf-c has it.
    mutating func pointers<Message>(
        to type: Message.Type,
        count: Int
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?>? {
        count == 0 ? nil : allocate(UnsafeMutablePointer<Message>?.self, count: count)
    }
}
