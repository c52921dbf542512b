/// Something that reads bytes which others wrote: whatever they are, it must come back, and quickly.
///
/// `Tests/Support/fuzz.sh` runs each under libFuzzer; `CorpusTests` replays what that has found.
struct FuzzTarget: Sendable {
    /// The name of its folder in `Corpus`.
    let name: String
    let run: @Sendable (_ bytes: [UInt8]) -> Void

    static let all: [FuzzTarget] = [
        .http2Client, .response, .statusDetails, .requestAssembler, .gzip, .spool, .liveFile, .records, .variables,
        .propagation, .otlp,
    ]
}

/// Takes an input apart into lines or numbers, as a target needs them.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    /// 0 at the end.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// So many bytes, or as many as are left.
    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// Up to the next line feed.
    mutating func line() -> String {
        let line = rest.prefix { $0 != 0x0A }
        rest = rest.dropFirst(line.count + 1)
        return String(decoding: line, as: UTF8.self)
    }

    /// All that is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}
