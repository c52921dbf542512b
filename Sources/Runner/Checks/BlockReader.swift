/// Reads what ``BlockScript`` prints: which command runs, its output, how it ended.
///
/// Bounded: of each command's output only the end is kept, and no line is held that is longer than a key line.
struct BlockReader: Sendable {
    /// What the script tells.
    enum Event: Sendable, Equatable {
        /// A command begins, at this line of the block (from 0).
        case began(line: Int, lines: Int)
        /// It ended with this code; `output` is the end of what it printed.
        case ended(code: Int32, output: String)
        /// All commands of the block were run.
        case finished
    }

    private let key: [UInt8]
    private let search: ByteSearch
    private var line: [UInt8] = []
    private var isLong = false
    private var output = BoundedTail(limit: CheckResult.outputLimit)

    /// Longer lines are no key lines.
    private static let longestKeyLine = 256

    init(key: String) {
        self.key = Array((key + " ").utf8)
        search = ByteSearch(self.key)
    }

    /// Takes the next bytes and returns what they tell, in order.
    mutating func append(_ chunk: [UInt8]) -> [Event] {
        var events: [Event] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0A) {
            hold(rest[..<end])
            if let event = endLine() { events.append(event) }
            rest = passOver(rest[(end + 1)...])
        }
        hold(rest)
        return events
    }

    /// Keeps all whole lines before the next one that may be a key line in one go, since a flood may be of short lines.
    private mutating func passOver(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let limit = search.first(in: rest) ?? rest.endIndex
        guard let end = rest[..<limit].lastIndex(of: 0x0A) else { return rest }
        output.append(rest[...end])
        return rest[(end + 1)...]
    }

    /// What the command that runs has printed until now.
    mutating func takeOutput() -> String {
        output.append(line[...])
        line = []
        defer { output = BoundedTail(limit: CheckResult.outputLimit) }
        return output.text
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>) {
        if isLong {
            output.append(piece)
        } else {
            line.append(contentsOf: piece.prefix(Self.longestKeyLine + 1))
            if line.count > Self.longestKeyLine {
                isLong = true
                output.append(line[...])
                output.append(piece.dropFirst(Self.longestKeyLine + 1))
                line = []
            }
        }
    }

    private mutating func endLine() -> Event? {
        defer {
            line = []
            isLong = false
        }
        if !isLong, line.starts(with: key) {
            return event(String(decoding: line.dropFirst(key.count), as: UTF8.self).split(separator: " "))
        }
        output.append(line[...])
        output.append([0x0A])
        return nil
    }

    private mutating func event(_ words: [Substring]) -> Event? {
        switch words.first {
        case "begin":
            _ = takeText()
            guard words.count == 3, let line = Int(words[1]), let lines = Int(words[2]) else { return nil }
            return .began(line: line, lines: lines)
        case "end":
            guard words.count == 2, let code = Int32(words[1]) else { return nil }
            return .ended(code: code, output: takeText())
        default:
            return .finished
        }
    }

    /// The output without the line end that the script puts before its key.
    private mutating func takeText() -> String {
        defer { output = BoundedTail(limit: CheckResult.outputLimit) }
        return output.text.trimmedEnd
    }
}

/// The last bytes of a stream, as text.
struct BoundedTail: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var dropped = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        let fitting = more.suffix(2 * limit)
        dropped += more.count - fitting.count
        bytes += fitting
        // Twice the limit, so that the removal's cost is spread.
        if bytes.count > 4 * limit { trim() }
    }

    /// What is kept, decoded leniently; where bytes were dropped, it says how many.
    var text: String {
        var copy = self
        copy.trim()
        let isContinuation: (UInt8) -> Bool = { $0 & 0xC0 == 0x80 }
        guard copy.dropped > 0 else { return String(decoding: copy.bytes, as: UTF8.self) }
        return "[\(copy.dropped) bytes left out]\n"
            + String(decoding: copy.bytes.drop(while: isContinuation), as: UTF8.self)
    }

    private mutating func trim() {
        guard bytes.count > limit else { return }
        dropped += bytes.count - limit
        bytes.removeFirst(bytes.count - limit)
    }
}

extension String {
    /// Without white space at its end.
    var trimmedEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
