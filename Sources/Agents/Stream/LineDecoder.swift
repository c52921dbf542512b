/// Cuts a stream of bytes into lines.
///
/// A line ends at byte 0x0A and at nothing else (no U+2028, no 0x0D); the last one may lack its end. A line longer than
/// the bound is counted and passed on in pieces, but not held. The time is linear in the bytes, however they are cut into chunks.
struct LineDecoder: Sendable {
    /// A piece of the stream between two line ends.
    enum Line: Equatable, Sendable {
        /// A whole line without its end.
        case complete([UInt8])
        /// A piece of a line beyond the bound, as it came.
        case overflow([UInt8])
        /// The end of a line beyond the bound, with its true length in bytes; its contents came in pieces.
        case tooLong(bytes: Int)
    }

    /// The bound of a line in bytes: far above the longest record that an agent writes.
    static let defaultBound = 16 << 20

    private let bound: Int
    private var held: [UInt8] = []
    private var passedOn = 0

    init(bound: Int = Self.defaultBound) {
        self.bound = bound
    }

    /// Takes the next chunk and returns the lines that it completed.
    mutating func append(_ chunk: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = 0
        while let end = Self.lineEnd(in: chunk, from: start) {
            hold(chunk[start..<end], &lines)
            lines.append(take())
            start = end + 1
        }
        hold(chunk[start...], &lines)
        return lines
    }

    /// The index of the first line end from an index on.
    private static func lineEnd(in chunk: [UInt8], from start: Int) -> Int? {
        var end = start
        while end < chunk.count, chunk[end] != 0x0A { end += 1 }
        return end < chunk.count ? end : nil
    }

    /// Ends the stream and returns its last line if that had no end.
    mutating func finish() -> Line? {
        held.isEmpty && passedOn == 0 ? nil : take()
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>, _ lines: inout [Line]) {
        if passedOn == 0 && held.count + piece.count <= bound {
            held.append(contentsOf: piece)
        } else if !piece.isEmpty {
            lines.append(.overflow(held + piece))
            passedOn += held.count + piece.count
            held = []
        }
    }

    private mutating func take() -> Line {
        if passedOn > 0 {
            defer { passedOn = 0 }
            return .tooLong(bytes: passedOn)
        }
        defer { held = [] }
        return .complete(held)
    }
}
