/// Cuts a stream of bytes into lines.
///
/// A line ends at byte 0x0A and at nothing else (no U+2028, no 0x0D); the last one may lack its end. A line longer than
/// the bound is counted but not held. The time is linear in the bytes, however they are cut into chunks.
struct LineDecoder: Sendable {
    /// A piece of the stream between two line ends.
    enum Line: Equatable, Sendable {
        /// A whole line without its end.
        case complete([UInt8])
        /// A line beyond the bound, with its true length in bytes; its contents were dropped.
        case tooLong(bytes: Int)
    }

    /// The bound of a line in bytes: far above the longest record that an agent writes.
    static let defaultBound = 16 << 20

    private let bound: Int
    private var held: [UInt8] = []
    private var dropped = 0

    init(bound: Int = Self.defaultBound) {
        self.bound = bound
    }

    /// Takes the next chunk and returns the lines that it completed.
    mutating func append(_ chunk: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0A) {
            hold(rest[..<end])
            lines.append(take())
            rest = rest[(end + 1)...]
        }
        hold(rest)
        return lines
    }

    /// Ends the stream and returns its last line if that had no end.
    mutating func finish() -> Line? {
        held.isEmpty && dropped == 0 ? nil : take()
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>) {
        if dropped > 0 {
            dropped += piece.count
        } else if held.count + piece.count > bound {
            dropped = held.count + piece.count
            held = []
        } else {
            held.append(contentsOf: piece)
        }
    }

    private mutating func take() -> Line {
        if dropped > 0 {
            let bytes = dropped
            dropped = 0
            return .tooLong(bytes: bytes)
        }
        let line = held
        held = []
        return .complete(line)
    }
}
