/// Gathers the lines that a short command prints, up to 1 MiB of them.
actor CapturedLines {
    private var decoder = LineDecoder(bound: 1 << 20)
    private var lines: [String] = []
    private var bytes = 0

    func append(_ chunk: [UInt8]) {
        bytes += chunk.count
        if bytes <= 1 << 20 { lines += decoder.append(chunk).compactMap(Self.text) }
    }

    /// All lines, the last one with or without its end.
    func finish() -> [String] {
        if let last = decoder.finish().flatMap(Self.text) { lines.append(last) }
        return lines
    }

    private static func text(_ line: LineDecoder.Line) -> String? {
        if case .complete(let bytes) = line { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}
