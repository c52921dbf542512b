/// The shape of a token that says by its beginning whose it is.
struct TokenShape: Sendable {
    /// How it begins.
    let prefix: [UInt8]
    /// How many bytes follow at least.
    let minimum: Int
    /// What they are.
    let group: ByteGroup
    /// Whether it is one at the beginning of a word only, since the prefix occurs in words.
    let atWordStart: Bool
    private let isWebToken: Bool

    private init(prefix: String, minimum: Int, group: ByteGroup, atWordStart: Bool = false) {
        self.prefix = Array(prefix.utf8)
        isWebToken = prefix == Self.webToken
        self.minimum = minimum
        self.group = group
        self.atWordStart = atWordStart
    }

    static let all: [TokenShape] =
        [
            TokenShape(prefix: "sk-ant-", minimum: 8, group: .urlSafe),
            TokenShape(prefix: "sk-", minimum: 20, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "sk_live_", minimum: 16, group: .alphanumeric),
            TokenShape(prefix: "github_pat_", minimum: 20, group: .urlSafe),
            TokenShape(prefix: "glpat-", minimum: 16, group: .urlSafe),
            TokenShape(prefix: "AIza", minimum: 30, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "GOCSPX-", minimum: 20, group: .urlSafe),
            TokenShape(prefix: "ya29.", minimum: 20, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "pypi-", minimum: 40, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "hvs.", minimum: 20, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "SG.", minimum: 30, group: ByteGroup(alphanumericAnd: "_-."), atWordStart: true),
            TokenShape(prefix: "glsa_", minimum: 20, group: .urlSafe, atWordStart: true),
            TokenShape(prefix: "dckr_pat_", minimum: 20, group: .urlSafe),
            TokenShape(prefix: "AGE-SECRET-KEY-1", minimum: 30, group: capitals),
        ]
        + ["npm_", "hf_", "gsk_", "rk_live_", "sk_test_", "whsec_", "shpat_", "shpss_", "dop_v1_"]
        .map { TokenShape(prefix: $0, minimum: 20, group: .alphanumeric, atWordStart: true) }
        + ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { TokenShape(prefix: $0, minimum: 20, group: .alphanumeric) }
        + ["AKIA", "ASIA"].map { TokenShape(prefix: $0, minimum: 16, group: capitals, atWordStart: true) }
        + ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xapp-"]
        .map { TokenShape(prefix: $0, minimum: 10, group: ByteGroup(alphanumericAnd: "-")) }
        + [TokenShape(prefix: webToken, minimum: 10, group: .urlSafe, atWordStart: true)]

    /// How a JSON web token begins: `{"` in base64.
    private static let webToken = "eyJ"
    private static let capitals = ByteGroup("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    /// The longest header of a JSON web token that is looked for.
    private static let longestHeader = 1024

    /// Looks whether such a token begins at an index.
    func match(_ text: RedactionText, at start: Int) -> RedactionMatch {
        guard let begins = text.continues(with: prefix, at: start) else { return .undecided }
        guard begins, !atWordStart || text.isWordStart(start) else { return .none }
        let body = start + prefix.count
        if isWebToken { return Self.webToken(text, start: start, body: body) }
        guard let length = text.count(of: group, at: body, upTo: minimum) else { return .undecided }
        guard length == minimum else { return .none }
        return .secret(FoundSecret(kind: .token, length: body + length - start, rest: SecretRest(.group(group))))
    }

    /// `HEADER.PAYLOAD.SIGNATURE` (RFC 7515, 3.1).
    private static func webToken(_ text: RedactionText, start: Int, body: Int) -> RedactionMatch {
        guard let header = text.count(of: .urlSafe, at: body, upTo: longestHeader) else { return .undecided }
        let dot = body + header
        guard let byte = text[dot] else { return text.atEnd }
        guard header >= 10, byte == UInt8(ascii: ".") else { return .none }
        guard let payload = text.count(of: .urlSafe, at: dot + 1, upTo: 10) else { return .undecided }
        guard payload == 10 else { return .none }
        let rest = SecretRest(.group(ByteGroup(alphanumericAnd: "_-.")))
        return .secret(FoundSecret(kind: .token, length: dot + 11 - start, rest: rest))
    }
}
