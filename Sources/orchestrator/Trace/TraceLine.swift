import Foundation
import OTLPWire

/// One line of a file of OTLP JSON: `TracesData` (protocol/file-exporter.md), read as far as a trace is shown.
///
/// Fields that are not known are passed over, as the specification asks; a span without valid ids or a name is an error.
struct TraceLine: Decodable {
    /// The spans with the service that told them.
    let spans: [RecordedSpan]

    private enum CodingKeys: String, CodingKey { case resourceSpans }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        spans = try container.decode([ResourceSpans].self, forKey: .resourceSpans)
            .flatMap { resource in
                let service = resource.resource?.attributes?.first { $0.key == "service.name" }?.value?.text
                return (resource.scopeSpans ?? []).flatMap { $0.spans ?? [] }
                    .map { RecordedSpan(span: $0.record, service: service ?? "") }
            }
    }

    private struct ResourceSpans: Decodable {
        var resource: ResourceJSON?
        var scopeSpans: [ScopeSpans]?
    }

    private struct ResourceJSON: Decodable { var attributes: [AttributeJSON]? }

    private struct ScopeSpans: Decodable { var spans: [SpanJSON]? }
}

/// A span and who told it.
struct RecordedSpan: Sendable, Equatable {
    var span: SpanRecord
    /// `service.name`; empty if it is not told.
    var service: String
}

/// A span in OTLP's own mapping to JSON: ids in hex, 64-bit numbers as texts.
private struct SpanJSON: Decodable {
    let record: SpanRecord

    private enum CodingKeys: String, CodingKey {
        case traceId, spanId, parentSpanId, traceState, flags, name, kind, startTimeUnixNano, endTimeUnixNano
        case attributes, droppedAttributesCount, events, droppedEventsCount, links, droppedLinksCount, status
    }

    private struct StatusJSON: Decodable {
        var code: UInt32?
        var message: String?
    }

    private struct EventJSON: Decodable {
        var timeUnixNano: WideNumber?
        var name: String?
        var attributes: [AttributeJSON]?
    }

    private struct LinkJSON: Decodable {
        var traceId: String
        var spanId: String
        var attributes: [AttributeJSON]?
    }

    init(from decoder: any Decoder) throws {
        let json = try decoder.container(keyedBy: CodingKeys.self)
        let start = try json.decode(WideNumber.self, forKey: .startTimeUnixNano).unsigned
        let end = try json.decodeIfPresent(WideNumber.self, forKey: .endTimeUnixNano)?.unsigned ?? start
        var span = SpanRecord(
            traceID: try Self.id(json.decode(String.self, forKey: .traceId), TraceID.init(hex:), decoder),
            spanID: try Self.id(json.decode(String.self, forKey: .spanId), SpanID.init(hex:), decoder),
            name: try json.decode(String.self, forKey: .name),
            startTime: start,
            endTime: max(start, end)
        )
        span.parentSpanID = try json.decodeIfPresent(String.self, forKey: .parentSpanId)
            .flatMap { SpanID(hex: $0.lowercased()) }.flatMap { $0.isValid ? $0 : nil }
        span.flags = try json.decodeIfPresent(UInt32.self, forKey: .flags) ?? 0
        span.kind = try json.decodeIfPresent(UInt32.self, forKey: .kind).flatMap(SpanRecord.Kind.init) ?? .unspecified
        span.attributes = try json.decodeIfPresent([AttributeJSON].self, forKey: .attributes).records
        span.events =
            try json.decodeIfPresent([EventJSON].self, forKey: .events)?
            .map {
                SpanRecord.Event(
                    time: $0.timeUnixNano?.unsigned ?? start,
                    name: $0.name ?? "",
                    attributes: $0.attributes.records
                )
            } ?? []
        span.links =
            try json.decodeIfPresent([LinkJSON].self, forKey: .links)?
            .map {
                SpanRecord.Link(
                    traceID: try Self.id($0.traceId, TraceID.init(hex:), decoder),
                    spanID: try Self.id($0.spanId, SpanID.init(hex:), decoder),
                    attributes: $0.attributes.records
                )
            } ?? []
        if let status = try json.decodeIfPresent(StatusJSON.self, forKey: .status) {
            span.status.code = status.code.flatMap(SpanRecord.Status.Code.init) ?? .unset
            span.status.message = status.message ?? ""
        }
        record = span
    }

    private static func id<ID>(_ hex: String, _ read: (String) -> ID?, _ decoder: any Decoder) throws -> ID {
        if let id = read(hex.lowercased()) { return id }
        let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(hex) is no id")
        throw DecodingError.dataCorrupted(context)
    }
}

/// A key with its value, `KeyValue`.
private struct AttributeJSON: Decodable {
    var key: String
    var value: ValueJSON?
}

extension [AttributeJSON]? {
    fileprivate var records: [Attribute] {
        (self ?? []).map { Attribute(key: $0.key, value: $0.value?.value ?? .empty) }
    }
}

/// A value, `AnyValue`.
private struct ValueJSON: Decodable {
    let value: AttributeValue

    private enum CodingKeys: String, CodingKey {
        case stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue
    }

    private struct Elements: Decodable { var values: [ValueJSON]? }
    private struct Members: Decodable { var values: [AttributeJSON]? }

    init(from decoder: any Decoder) throws {
        let json = try decoder.container(keyedBy: CodingKeys.self)
        switch json.allKeys.first {
        case .stringValue: value = .string(try json.decode(String.self, forKey: .stringValue))
        case .boolValue: value = .bool(try json.decode(Bool.self, forKey: .boolValue))
        case .intValue: value = .int(try json.decode(WideNumber.self, forKey: .intValue).signed)
        case .doubleValue: value = .double(try json.decode(DoubleJSON.self, forKey: .doubleValue).value)
        case .bytesValue: value = .bytes(Array(try json.decode(Data.self, forKey: .bytesValue)))
        case .arrayValue:
            value = .array(try json.decode(Elements.self, forKey: .arrayValue).values?.map(\.value) ?? [])
        case .kvlistValue: value = .map(try json.decode(Members.self, forKey: .kvlistValue).values.records)
        case nil: value = .empty
        }
    }

    var text: String? {
        if case .string(let text) = value { text } else { nil }
    }
}

/// A 64-bit number, which JSON has as a text or as a number.
private struct WideNumber: Decodable {
    let signed: Int64
    let unsigned: UInt64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            if let unsigned = UInt64(text) {
                (self.signed, self.unsigned) = (Int64(clamping: unsigned), unsigned)
                return
            }
            if let signed = Int64(text) {
                (self.signed, self.unsigned) = (signed, 0)
                return
            }
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no whole number")
        }
        signed = try container.decode(Int64.self)
        unsigned = UInt64(clamping: signed)
    }
}

/// A floating-point number, which JSON has as a text where it is not finite.
private struct DoubleJSON: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value =
            switch try? container.decode(String.self) {
            case "NaN": .nan
            case "Infinity": .infinity
            case "-Infinity": -.infinity
            default: try container.decode(Double.self)
            }
    }
}
