/// Looks at the first bytes of a connection to tell whether the peer speaks HTTP/2 at all.
///
/// Both sides of HTTP/2 begin with a SETTINGS frame (RFC 9113 section 3.4), so nine bytes decide.
struct PeerGreeting {
    enum Verdict: Hashable {
        case needsMore
        case http2
        /// What came instead, shortened and printable.
        case other(String)
    }

    private static let frameHeaderSize = 9
    private static let settingsFrame: UInt8 = 4
    private static let shownBytes = 40

    private var first: [UInt8] = []
    private(set) var verdict = Verdict.needsMore

    mutating func receive(_ bytes: some Collection<UInt8>) {
        guard verdict == .needsMore else { return }
        first.append(contentsOf: bytes.prefix(Self.shownBytes - first.count))
        let isText = first.starts(with: "HTTP/".utf8)
        guard first.count >= Self.frameHeaderSize else { return }
        let isOnConnection = first[5...8].allSatisfy { $0 == 0 }
        let isSettings = first[0] == 0 && first[3] == Self.settingsFrame && isOnConnection
        verdict = isSettings && !isText ? .http2 : .other(shown)
    }

    /// Whether it is an alert or a handshake of TLS that came.
    var isTLS: Bool { first.count >= 2 && (0x15...0x16).contains(first[0]) && first[1] == 3 }

    /// The first line of what has come so far, without anything that a terminal would act on.
    var shown: String {
        let line = first.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        return String(decoding: line.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
