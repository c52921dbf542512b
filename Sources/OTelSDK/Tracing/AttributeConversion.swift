import OTLPWire
import Tracing

/// Swift's tracing attributes as OTLP's, within the limits.
struct AttributeConversion: Sendable {
    /// Characters of a string; nil is no limit.
    var valueLength: Int?

    /// All attributes that fit, and how many did not; which ones is decided by the order of the keys.
    func convert(_ attributes: SpanAttributes, limit: Int) -> (kept: [Attribute], dropped: UInt32) {
        var kept: [Attribute] = []
        kept.reserveCapacity(attributes.count)
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { key, value in
            // A value that nothing is known about is not sent, as null is not (specification/common/README.md).
            if let value = convert(value) { kept.append(Attribute(key: key, value: value)) }
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
        case .string(let value): .string(cut(value))
        case .stringConvertible(let value): .string(cut(value.description))
        case .int32Array(let values): .array(values.map { .int(Int64($0)) })
        case .int64Array(let values): .array(values.map { .int($0) })
        case .doubleArray(let values): .array(values.map { .double($0) })
        case .boolArray(let values): .array(values.map { .bool($0) })
        case .stringArray(let values): .array(values.map { .string(cut($0)) })
        case .stringConvertibleArray(let values): .array(values.map { .string(cut($0.description)) })
        default: nil
        }
    }

    private func cut(_ text: String) -> String {
        guard let valueLength, text.count > valueLength else { return text }
        return String(text.prefix(valueLength))
    }
}
