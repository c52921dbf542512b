import OTLPWire
import Tracing

/// Swift's tracing attributes as OTLP's, within the limits.
struct AttributeConversion: Sendable {
    let limits: SpanLimits

    init(_ limits: SpanLimits) {
        self.limits = limits
    }

    func convert(_ event: SpanEvent) -> SpanRecord.Event {
        let (kept, dropped) = convert(event.attributes, limit: limits.attributesPerEvent)
        return SpanRecord.Event(
            time: event.nanosecondsSinceEpoch,
            name: event.name,
            attributes: kept,
            droppedAttributes: dropped
        )
    }

    /// Nil for a link to a context without a span, which points nowhere.
    func convert(_ link: SpanLink) -> SpanRecord.Link? {
        guard let context = link.context.spanContext else { return nil }
        let (kept, dropped) = convert(link.attributes, limit: limits.attributesPerLink)
        return SpanRecord.Link(
            traceID: context.trace,
            spanID: context.span,
            traceState: context.traceState,
            attributes: kept,
            droppedAttributes: dropped,
            flags: context.wireFlags
        )
    }

    /// All of a span's attributes, which are within their number already.
    func convert(_ attributes: SpanAttributes) -> [Attribute] {
        convert(attributes, limit: .max).kept
    }

    /// Makes these the attributes of the record.
    func write(_ attributes: SpanAttributes, to draft: inout RecordDraft, in store: RecordStore) {
        guard draft.attributeCount == 0 else {
            draft.replaceAttributes(convert(attributes), in: store)
            return
        }
        let all = RecordLimits(attributes: .max, valueLength: limits.attributeValueLength)
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { key, value in
            switch value {
            case .string(let value): draft.set(key, value, all, in: store)
            case .int64(let value): draft.set(key, value, all, in: store)
            case .double(let value): draft.set(key, value, all, in: store)
            case .bool(let value): draft.set(key, value, all, in: store)
            default:
                if let value = convert(value) { draft.set(key, value, all, in: store) }
            }
        }
    }

    /// The way back, for what these attributes can express.
    static func spanAttributes(_ attributes: [Attribute]) -> SpanAttributes {
        var converted = SpanAttributes()
        for attribute in attributes { converted.set(attribute.key, value: spanAttribute(attribute.value)) }
        return converted
    }

    /// All attributes that fit, and how many did not; which ones is decided by the order of the keys.
    private func convert(_ attributes: SpanAttributes, limit: Int) -> (kept: [Attribute], dropped: UInt32) {
        var kept: [Attribute] = []
        kept.reserveCapacity(attributes.count)
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { key, value in
            // A value that nothing is known about is not sent, as null is not (specification/common/README.md).
            guard let value = convert(value) else { return }
            kept.append(Attribute(key: key, value: value.limited(to: limits.attributeValueLength)))
        }
        guard kept.count > limit else { return (kept, 0) }
        let dropped = kept.count - limit
        kept.sort { $0.key < $1.key }
        return (Array(kept.prefix(limit)), UInt32(clamping: dropped))
    }

    private func convert(_ attribute: SpanAttribute) -> AttributeValue? {
        switch attribute {
        case .int32(let value): .int(Int64(value))
        case .int64(let value): .int(value)
        case .double(let value): .double(value)
        case .bool(let value): .bool(value)
        case .string(let value): .string(value)
        case .stringConvertible(let value): .string(value.description)
        case .int32Array(let values): .array(values.map { .int(Int64($0)) })
        case .int64Array(let values): .array(values.map { .int($0) })
        case .doubleArray(let values): .array(values.map { .double($0) })
        case .boolArray(let values): .array(values.map { .bool($0) })
        case .stringArray(let values): .array(values.map { .string($0) })
        case .stringConvertibleArray(let values): .array(values.map { .string($0.description) })
        default: nil
        }
    }

    private static func spanAttribute(_ value: AttributeValue) -> SpanAttribute? {
        switch value {
        case .string(let text): return .string(text)
        case .int(let number): return .int64(number)
        case .double(let number): return .double(number)
        case .bool(let flag): return .bool(flag)
        case .array(let values):
            return array(values) { if case .string(let text) = $0 { text } else { nil } }.map { .stringArray($0) }
                ?? array(values) { if case .int(let number) = $0 { number } else { nil } }.map { .int64Array($0) }
                ?? array(values) { if case .double(let number) = $0 { number } else { nil } }.map { .doubleArray($0) }
                ?? array(values) { if case .bool(let flag) = $0 { flag } else { nil } }.map { .boolArray($0) }
        case .empty, .bytes, .map: return nil
        }
    }

    private static func array<Element>(
        _ values: [AttributeValue],
        _ element: (AttributeValue) -> Element?
    ) -> [Element]? {
        let elements = values.compactMap(element)
        return elements.count == values.count ? elements : nil
    }
}
