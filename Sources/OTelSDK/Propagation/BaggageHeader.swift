/// The `baggage` header: reading and writing (W3C Baggage, 3.3).
enum BaggageHeader {
    static let key = "baggage"

    /// What is read and written at most; the standard asks for at least this much.
    static let maximumMembers = 64
    static let maximumBytes = 8192

    /// Nil where nothing can be used; a broken member, and one beyond the limits, costs only itself.
    static func parse(_ text: String) -> Baggage? {
        var baggage = Baggage()
        for member in text.split(separator: ",", maxSplits: maximumMembers).prefix(maximumMembers) {
            guard text.utf8.distance(from: text.startIndex, to: member.endIndex) <= maximumBytes else { break }
            guard let (name, entry) = parseMember(String(member).trimmed) else { continue }
            baggage.entries[name] = entry
        }
        return baggage.entries.isEmpty ? nil : baggage
    }

    private static func parseMember(_ member: String) -> (String, Baggage.Entry)? {
        let parts = member.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return nil }
        let name = String(pair[..<equals]).trimmed
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenCharacter) else { return nil }
        let encoded = String(pair[pair.index(after: equals)...]).trimmed
        guard let value = PercentEncoding.decodeRepairing(encoded) else { return nil }
        return (name, Baggage.Entry(value: value, metadata: parts.count > 1 ? String(parts[1]).trimmed : ""))
    }

    /// Nil for an empty baggage.
    ///
    /// Names are sorted; what does not fit the limits, or is no token, is left out whole.
    static func format(_ baggage: Baggage) -> String? {
        var result = ""
        var members = 0
        for (name, entry) in baggage.entries.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenCharacter), members < maximumMembers else { continue }
            var member = "\(name)=\(PercentEncoding.encodeBaggageValue(entry.value))"
            if !entry.metadata.isEmpty, entry.metadata.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x2C }) {
                member += ";" + entry.metadata
            }
            let separator = members == 0 ? "" : ","
            guard result.utf8.count + separator.utf8.count + member.utf8.count <= maximumBytes else { continue }
            result += separator + member
            members += 1
        }
        return result.isEmpty ? nil : result
    }

    /// RFC 7230 `tchar`.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
