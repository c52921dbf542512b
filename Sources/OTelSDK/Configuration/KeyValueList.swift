/// The list format of OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES: `k1=v1,k2=v2`, percent-encoded.
///
/// The W3C Baggage format without properties (specification/protocol/exporter.md).
enum KeyValueList {
    /// The pairs in order, or nil if any member is broken; empty members are skipped.
    static func parse(_ text: String) -> [(key: String, value: String)]? {
        var pairs: [(key: String, value: String)] = []
        for member in text.split(separator: ",") {
            let member = String(member).trimmed
            if member.isEmpty { continue }
            guard let equals = member.firstIndex(of: "=") else { return nil }
            let rawKey = String(member[..<equals]).trimmed
            let rawValue = String(member[member.index(after: equals)...]).trimmed
            guard let key = PercentEncoding.decode(rawKey), let value = PercentEncoding.decode(rawValue), !key.isEmpty
            else { return nil }
            pairs.append((key, value))
        }
        return pairs
    }
}
