/// How the rest of a secret is told from what follows it, while it is dropped.
///
/// Quotes may be those of JSON in JSON: at depth d one is written with 2^d − 1 backslashes before it, and a quote or a
/// backslash of the text itself with more. Where the text around it ends first, the secret ends there as well.
struct SecretRest: Sendable {
    /// What the rest is made of.
    enum Form: Sendable, Equatable {
        /// Bytes of a class, or slashes escaped as in JSON.
        case group(ByteGroup)
        /// All up to the closing quote of this depth, or the end of the line.
        case quoted(depth: Int)
        /// All up to the next apostrophe, the end of the line, or of the JSON string around it.
        case apostrophes
        /// A value without quotes.
        case bare
        /// All up to the line that ends a private key.
        case privateKey
    }

    let form: Form
    /// Whether the end was seen.
    private(set) var isOver = false
    /// How much was dropped.
    private var dropped = 0

    /// No private key is longer; after that it is taken for cut off.
    private static let longestKey = 16 << 10
    private static let keyEnd = Array("-----END".utf8)
    /// A longer run of backslashes is no escape of anything.
    private static let longestRun = 64

    init(_ form: Form) { self.form = form }

    /// Drops what belongs to the secret.
    ///
    /// - Returns: The index of what is not dropped, and is looked at again: after the secret, or as soon as more has come.
    mutating func advance(in bytes: [UInt8], from start: Int, isEnd: Bool) -> Int {
        var index = start
        while index < bytes.count {
            let run = bytes[index...].prefix { $0 == .backslash }.count
            let next = index + run
            guard next < bytes.count || isEnd else {
                // Whole escapes of backslashes change nothing in what follows.
                return run < Self.longestRun ? index : index + run - run % Self.longestRun
            }
            guard let length = next < bytes.count ? step(run, bytes, next, isEnd) : .some(run) else { return index }
            guard length > 0 else {
                isOver = true
                return index + unswallowed(run, next < bytes.count ? bytes[next] : 0)
            }
            index += length
            dropped += length
        }
        isOver = isEnd
        return index
    }

    /// How many bytes belong to the secret, a run of backslashes and what follows it; none where it ends, nil if more must come.
    private func step(_ run: Int, _ bytes: [UInt8], _ next: Int, _ isEnd: Bool) -> Int? {
        let byte = bytes[next]
        switch form {
        case .group(let group):
            if run == 0 { return group.contains(byte) ? 1 : 0 }
            let slash = UInt8(ascii: "/")
            return byte == slash && group.contains(slash) ? run + 1 : 0
        case .quoted(let depth):
            if byte == .newline { return 0 }
            return byte == .quote && run.lowestZeroBit <= depth ? 0 : run + 1
        case .apostrophes:
            if byte == .newline || byte == .apostrophe { return 0 }
            return byte == .quote && run.lowestZeroBit == 0 ? 0 : run + 1
        case .bare:
            if run == 0 { return ByteGroup.bareValue.contains(byte) ? 1 : 0 }
            let isEscape = ByteGroup.escapeLetters.contains(byte) || !ByteGroup.bareValue.contains(byte)
            return isEscape ? 0 : run + 1
        case .privateKey:
            if byte == .quote || dropped >= Self.longestKey && run == 0 { return 0 }
            guard run == 0, byte == UInt8(ascii: "-") else { return run + 1 }
            let text = RedactionText(bytes: bytes, isEnd: isEnd)
            return text.continues(with: Self.keyEnd, at: next).map { $0 ? 0 : 1 }
        }
    }

    /// How many backslashes of the run before the end belong to the secret still.
    private func unswallowed(_ run: Int, _ byte: UInt8) -> Int {
        guard byte == .quote || byte == .newline || byte == .apostrophe else { return 0 }
        switch form {
        case .quoted, .apostrophes: return byte == .quote ? run - ((1 << run.lowestZeroBit) - 1) : run - run % 2
        default: return 0
        }
    }
}

extension Int {
    /// The place of its lowest bit that is zero.
    var lowestZeroBit: Int { (~self).trailingZeroBitCount }
}
