/// Keeps names that a stream brings from growing without bound: long ones are cut, and from some number on all new ones are
/// ``other``.
struct NameBound: Sendable, Equatable, Codable {
    /// What stands for the names beyond the bound.
    static let other = "other"
    /// How many names are told apart.
    static let count = 200
    /// How many characters of a name are kept.
    static let length = 200

    private var names: Set<String> = []

    /// The name under which something is kept.
    mutating func admit(_ name: String) -> String {
        let name = Self.cut(name)
        if names.contains(name) { return name }
        guard names.count < Self.count else { return Self.other }
        names.insert(name)
        return name
    }

    /// The beginning of a name that is too long; U+0000 is not kept in the journal.
    static func cut(_ name: String) -> String {
        let isShort = name.utf8.count <= length
        return (isShort ? name : String(name.prefix(length))).replacing("\0", with: "\u{FFFD}")
    }
}
