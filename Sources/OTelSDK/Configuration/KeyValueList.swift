/// The list format of OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES: `k1=v1,k2=v2`, percent-encoded.
enum KeyValueList {
    /// What differs between the two.
    enum Format {
        /// W3C Baggage without properties, so no `;` (specification/protocol/exporter.md); names in lower case.
        case headers
        /// Anything but `,` may stand for itself in a value (specification/resource/sdk.md).
        case attributes
    }

    /// The pairs in order, or nil if any member is broken; empty members are skipped.
    static func parse(_ text: String, as format: Format) -> [(key: String, value: String)]? {
        var pairs: [(key: String, value: String)] = []
        for member in text.split(separator: ",") {
            let member = String(member).trimmed
            if member.isEmpty { continue }
            guard format == .attributes || !member.utf8.contains(UInt8(ascii: ";")) else { return nil }
            guard let equals = member.firstIndex(of: "=") else { return nil }
            let rawKey = String(member[..<equals]).trimmed
            let rawValue = String(member[member.index(after: equals)...]).trimmed
            guard let key = PercentEncoding.decode(rawKey), let value = PercentEncoding.decode(rawValue), !key.isEmpty
            else { return nil }
            pairs.append((format == .headers ? key.lowercased() : key, value))
        }
        return pairs
    }
}
