/// The `tracestate` header: checked, and handed on as it came (W3C Trace Context Level 2, 3.3).
///
/// Several headers of the name are one list, joined with commas by whoever fills the carrier (3.3.1).
enum TraceState {
    static let key = "tracestate"
    static let maximumMembers = 32

    /// The list without empty members and outer blanks; nil if any member breaks the grammar or there are too many.
    ///
    /// Of members with one key the first, which is the newest, stays.
    static func validated(_ text: String) -> String? {
        var members: [String] = []
        var keys: Set<Substring> = []
        for member in text.split(separator: ",").map({ String($0).trimmed }) where !member.isEmpty {
            guard let equals = member.firstIndex(of: "=") else { return nil }
            let key = member[..<equals]
            let value = member[member.index(after: equals)...]
            guard isKey(key), isValue(value) else { return nil }
            if keys.insert(key).inserted { members.append(member) }
        }
        guard (1...maximumMembers).contains(members.count) else { return nil }
        return members.joined(separator: ",")
    }

    /// Up to 256 characters of `a-z 0-9 _ - * / @`, a lowercase letter or digit first (Level 2's simpler grammar).
    private static func isKey(_ key: Substring) -> Bool {
        guard let first = key.utf8.first, isLowercaseOrDigit(first), key.utf8.count <= 256 else { return false }
        return key.utf8.allSatisfy { isLowercaseOrDigit($0) || [0x5F, 0x2D, 0x2A, 0x2F, 0x40].contains($0) }
    }

    /// Up to 256 printable ASCII characters without `,` and `=`, no blank at the end.
    private static func isValue(_ value: Substring) -> Bool {
        guard (1...256).contains(value.utf8.count), value.utf8.last != 0x20 else { return false }
        return value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x2C && $0 != 0x3D }
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
