/// Reads records as values; trusts no byte, as a dead process or a damaged file may have left them.
///
/// An entry that makes no sense is left out, and what follows an impossible size in its extent.
struct RecordReader {
    /// The used bytes of each extent of the record, the header included.
    let extents: [UnsafeRawBufferPointer]

    init(_ extents: [UnsafeRawBufferPointer]) {
        self.extents = extents
    }

    init(_ head: Extent) {
        extents = sequence(first: head) { $0.next }.map { UnsafeRawBufferPointer(start: $0.base, count: $0.used) }
    }

    /// All live entries that have a kind, with their content.
    func entries(_ body: (RecordEntry.Kind, inout RecordBytes) throws(RecordDamage) -> Void) {
        for (number, bytes) in extents.enumerated() {
            var offset = number == 0 ? RecordHead.size : Extent.headerSize
            while offset + RecordEntry.headerSize <= bytes.count {
                let size = Int(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
                guard size >= RecordEntry.headerSize, size % 8 == 0, size <= bytes.count - offset else { break }
                if let kind = RecordEntry.Kind(rawValue: bytes[offset]), bytes[offset + 1] == 0 {
                    let content = bytes[offset + RecordEntry.headerSize..<offset + size]
                    var reader = RecordBytes(UnsafeRawBufferPointer(rebasing: content))
                    try? body(kind, &reader)
                }
                offset += size
            }
        }
    }

    /// The last value of each key, in the order of first appearance.
    var attributes: [Attribute] {
        var list = UniqueAttributes()
        entries { kind, reader throws(RecordDamage) in
            if kind == .attribute { list.set(try reader.attribute()) }
        }
        return list.attributes
    }

    var span: SpanRecord? {
        guard let head = head else { return nil }
        var attributes = UniqueAttributes()
        var span = SpanRecord(
            traceID: head.traceID,
            spanID: head.spanID,
            parentSpanID: head.parentID.isValid ? head.parentID : nil,
            flags: head.flags,
            name: "",
            kind: SpanRecord.Kind(rawValue: head.code) ?? .unspecified,
            startTime: head.startTime,
            endTime: head.endTime,
            droppedAttributes: head.droppedAttributes,
            droppedEvents: head.droppedEvents,
            droppedLinks: head.droppedLinks,
            status: SpanRecord.Status(code: SpanRecord.Status.Code(rawValue: head.status) ?? .unset)
        )
        entries { kind, reader throws(RecordDamage) in
            switch kind {
            case .attribute: attributes.set(try reader.attribute())
            case .name: span.name = try reader.text()
            case .traceState: span.traceState = try reader.text()
            case .statusMessage: span.status.message = try reader.text()
            case .event: span.events.append(try reader.event())
            case .link: span.links.append(try reader.link())
            case .severityText, .body, .version, .schemaURL: break
            }
        }
        span.attributes = attributes.attributes
        return span
    }

    var log: LogRecord? {
        guard let head = head else { return nil }
        var attributes = UniqueAttributes()
        var log = LogRecord(
            time: head.startTime,
            observedTime: head.endTime,
            severityNumber: Int32(bitPattern: head.code),
            droppedAttributes: head.droppedAttributes,
            traceID: head.traceID.isValid ? head.traceID : nil,
            spanID: head.spanID.isValid ? head.spanID : nil,
            flags: head.flags
        )
        entries { kind, reader throws(RecordDamage) in
            switch kind {
            case .attribute: attributes.set(try reader.attribute())
            case .name: log.eventName = try reader.text()
            case .severityText: log.severityText = try reader.text()
            case .body: log.body = try reader.value()
            case .traceState, .statusMessage, .event, .link, .version, .schemaURL: break
            }
        }
        log.attributes = attributes.attributes
        return log
    }

    var scope: InstrumentationScope {
        var scope = InstrumentationScope(name: "")
        entries { kind, reader throws(RecordDamage) in
            switch kind {
            case .attribute: scope.attributes.append(try reader.attribute())
            case .name: scope.name = try reader.text()
            case .version: scope.version = try reader.text()
            case .schemaURL: scope.schemaURL = try reader.text()
            case .traceState, .statusMessage, .event, .link, .severityText, .body: break
            }
        }
        return scope
    }

    private var head: RecordHeadValues? {
        guard let first = extents.first, first.count >= RecordHead.size else { return nil }
        return RecordHeadValues(first)
    }
}

/// The fixed part of a record, read.
struct RecordHeadValues {
    let traceID: TraceID
    let spanID: SpanID
    let parentID: SpanID
    let startTime: UInt64
    let endTime: UInt64
    let scopeID: UInt32
    let flags: UInt32
    let code: UInt32
    let status: UInt32
    let droppedAttributes: UInt32
    let droppedEvents: UInt32
    let droppedLinks: UInt32

    /// - Parameter bytes: ``RecordHead/size`` of them at least.
    init(_ bytes: UnsafeRawBufferPointer) {
        func long(_ offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        func short(_ offset: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
        traceID = TraceID(high: UInt64(bigEndian: long(48)), low: UInt64(bigEndian: long(56)))
        spanID = SpanID(value: UInt64(bigEndian: long(64)))
        parentID = SpanID(value: UInt64(bigEndian: long(72)))
        (startTime, endTime) = (long(80), long(88))
        (scopeID, flags, code, status) = (short(104), short(108), short(112), short(116))
        (droppedAttributes, droppedEvents, droppedLinks) = (short(120), short(124), short(128))
    }
}

/// Attributes by key, the last value of each; a process may die between writing a new one and marking the old one dead.
private struct UniqueAttributes {
    private(set) var attributes: [Attribute] = []
    private var places: [String: Int] = [:]

    mutating func set(_ attribute: Attribute) {
        if let place = places[attribute.key] {
            attributes[place] = attribute
        } else {
            places[attribute.key] = attributes.count
            attributes.append(attribute)
        }
    }
}
