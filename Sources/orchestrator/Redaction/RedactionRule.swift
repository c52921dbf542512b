/// The shapes by which a secret is told that nobody named.
enum RedactionRule: Sendable {
    case token(TokenShape)
    case header(scheme: [UInt8])
    case urlPassword
    case privateKey
    case namedValue

    static let all: [RedactionRule] =
        TokenShape.all.map(RedactionRule.token) + [
            .header(scheme: Array("bearer".utf8)), .header(scheme: Array("basic".utf8)), .urlPassword, .privateKey,
            .namedValue,
        ]

    /// The rules that can begin with a byte, by that byte.
    static let byFirstByte: [[RedactionRule]] = all.reduce(into: Array(repeating: [], count: 256)) { rules, rule in
        for first in rule.firstTwoBytes.first { rules[Int(first)].append(rule) }
    }

    /// Whether a rule can begin with two bytes, by their number.
    static let beginnings: [Bool] = all.reduce(into: Array(repeating: false, count: 1 << 16)) { table, rule in
        let (firsts, seconds) = rule.firstTwoBytes
        for first in firsts {
            for second in seconds { table[Int(first) << 8 | Int(second)] = true }
        }
    }

    /// The bytes with which it can begin, and those that can follow.
    private var firstTwoBytes: (first: [UInt8], second: [UInt8]) {
        switch self {
        case .token(let shape): ([shape.prefix[0]], [shape.prefix[1]])
        case .header(let scheme):
            ([scheme[0], scheme[0].capital], [scheme[1], scheme[1].capital])
        case .urlPassword: ([UInt8(ascii: ":")], [UInt8(ascii: "/"), .backslash])
        case .privateKey: ([UInt8(ascii: "-")], [UInt8(ascii: "-")])
        case .namedValue: ([UInt8(ascii: "="), UInt8(ascii: ":")], Array(0...UInt8.max))
        }
    }

    /// Looks whether a secret of this shape begins at an index.
    func match(_ text: RedactionText, at index: Int) -> RedactionMatch {
        switch self {
        case .token(let shape): shape.match(text, at: index)
        case .header(let scheme): Self.header(scheme, text, index)
        case .urlPassword: Self.urlPassword(text, index)
        case .privateKey: Self.privateKey(text, index)
        case .namedValue: NamedValue.match(text, at: index)
        }
    }

    /// `Bearer TOKEN`, where the token is long or no word (RFC 6750, 2.1; RFC 7617, 2).
    private static func header(_ scheme: [UInt8], _ text: RedactionText, _ start: Int) -> RedactionMatch {
        guard let begins = text.continues(with: scheme, at: start, ignoringCase: true) else { return .undecided }
        guard begins, text.isWordStart(start) else { return .none }
        let value = start + scheme.count + 1
        guard let blank = text[value - 1] else { return text.atEnd }
        guard blank == 0x20 else { return .none }
        guard let length = text.count(of: .token68, at: value, upTo: 20) else { return .undecided }
        let bytes = text.bytes[value..<value + length]
        guard length == 20 || length >= 8 && bytes.looksRandom else { return .none }
        return .secret(
            FoundSecret(
                kind: .header,
                kept: value - start,
                length: value + length - start,
                rest: SecretRest(.group(.token68))
            )
        )
    }

    /// `://USER:PASSWORD@` (RFC 3986, 3.2.1), its slashes perhaps escaped as in JSON at any depth.
    private static func urlPassword(_ text: RedactionText, _ start: Int) -> RedactionMatch {
        var index = start + 1
        for _ in 0..<2 {
            guard let run = text.count(of: ByteGroup("\\"), at: index, upTo: 16) else { return .undecided }
            index += run
            guard let byte = text[index] else { return text.atEnd }
            guard byte == UInt8(ascii: "/") else { return .none }
            index += 1
        }
        guard let length = text.count(of: userInfo, at: index, upTo: 1024) else { return .undecided }
        let authority = text.bytes[index..<index + length]
        guard let end = authority.lastIndex(of: UInt8(ascii: "@")),
            let colon = authority[..<end].firstIndex(of: UInt8(ascii: ":")), end - colon > 1
        else { return .none }
        return .secret(FoundSecret(kind: .urlPassword, kept: colon + 1 - start, length: end - start))
    }

    private static let userInfo = ByteGroup(printableBut: "/?#\"'`\\<>")

    /// `-----BEGIN … PRIVATE KEY-----` (RFC 7468), of OpenPGP as well.
    private static func privateKey(_ text: RedactionText, _ start: Int) -> RedactionMatch {
        guard let begins = text.continues(with: opening, at: start) else { return .undecided }
        guard begins else { return .none }
        let label = start + opening.count
        guard let length = text.count(of: labelBytes, at: label, upTo: 60) else { return .undecided }
        let name = String(decoding: text.bytes[label..<label + length], as: UTF8.self)
        guard name.hasSuffix("PRIVATE KEY") || name.hasSuffix("PRIVATE KEY BLOCK") else { return .none }
        guard let ends = text.continues(with: Array("-----".utf8), at: label + length) else { return .undecided }
        let header = label + length + 5 - start
        return ends
            ? .secret(FoundSecret(kind: .privateKey, kept: header, length: header, rest: SecretRest(.privateKey)))
            : .none
    }

    private static let opening = Array("-----BEGIN ".utf8)
    private static let labelBytes = ByteGroup(" ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

extension Collection<UInt8> {
    /// Whether it has what words seldom have: a digit, a sign of base64, or a capital after its first letter.
    var looksRandom: Bool {
        contains { $0.isDigit || ByteGroup("_~+/=").contains($0) } || dropFirst().contains { $0.isCapital }
    }
}
