/// The two levels around the items of a request, framed here: protobuf-c would move the whole payload once for each.
///
/// The numbers are the same for all signals: a request has resources (1), a resource its `Resource` (1), scopes (2) and
/// schema URL (3), a scope its `InstrumentationScope` (1), items (2) and schema URL (3). The schema URLs stand before the
/// repeated fields, so that all that is not an item lies in front of them; the order of fields means nothing in protobuf.
enum EnvelopeFraming {
    static let resourceTag: UInt8 = 0x0A
    static let scopeTag: UInt8 = 0x12
    static let itemTag: UInt8 = 0x12
    private static let messageTag: UInt8 = 0x0A
    private static let schemaTag: UInt8 = 0x1A

    /// Tag and longest length.
    static let longestFrame = 6

    /// A message as field 1, then the schema URL as field 3 unless it is empty.
    static func prefix(message: [UInt8], schemaURL: String) -> [UInt8] {
        var prefix = [messageTag]
        appendVarint(message.count, to: &prefix)
        prefix += message
        guard !schemaURL.isEmpty else { return prefix }
        prefix.append(schemaTag)
        appendVarint(schemaURL.utf8.count, to: &prefix)
        prefix += schemaURL.utf8
        return prefix
    }

    /// Bytes of a length-delimited field with one-byte tag.
    static func fieldSize(_ content: Int) -> Int { 1 + varintSize(content) + content }

    static func varintSize(_ number: Int) -> Int { (max(1, Int.bitWidth - number.leadingZeroBitCount) + 6) / 7 }

    static func appendVarint(_ number: Int, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The frames and prefixes in front of the items of a single scope.
    static func header(resource: [UInt8], scope: [UInt8], itemBytes: Int) -> [UInt8] {
        let scopeSize = scope.count + itemBytes
        var header = [resourceTag]
        header.reserveCapacity(2 * longestFrame + resource.count + scope.count)
        appendVarint(resource.count + fieldSize(scopeSize), to: &header)
        header += resource
        header.append(scopeTag)
        appendVarint(scopeSize, to: &header)
        header += scope
        return header
    }
}
