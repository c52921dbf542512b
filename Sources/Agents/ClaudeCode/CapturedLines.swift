/// Gathers the lines that a short command prints, up to a bound.
actor CapturedLines {
    private let bound: Int
    private var decoder: LineDecoder
    private var lines: [String] = []
    private var bytes = 0

    /// - Parameter bound: How many bytes are taken; what comes after them is dropped.
    init(bound: Int = 1 << 20) {
        self.bound = bound
        decoder = LineDecoder(bound: bound)
    }

    func append(_ chunk: [UInt8]) {
        bytes += chunk.count
        if bytes <= bound { lines += decoder.append(chunk).compactMap(Self.text) }
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
