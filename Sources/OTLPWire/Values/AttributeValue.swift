/// What an attribute, or the body of a log record, may hold: OTLP's `AnyValue`.
///
/// Arrays may mix types and maps may nest; the wire allows it. Values nested deeper than
/// ``AttributeValue/maximumDepth`` levels are replaced when they are encoded, since receivers refuse the whole
/// request for them.
package enum AttributeValue: Sendable, Hashable {
    /// A value that is there but says nothing; distinct from an empty string.
    case empty
    case string(String)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case bytes([UInt8])
    case array([AttributeValue])
    case map([Attribute])

    /// Levels of arrays and maps that are written.
    ///
    /// Protobuf decoders stop at 100 nested messages; a map costs three a level, and an attribute of a span's event
    /// starts six deep.
    package static let maximumDepth = 30
}
