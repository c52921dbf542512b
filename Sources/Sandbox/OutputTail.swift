/// The last bytes of a stream.
struct OutputTail {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var isCut = false

    /// - Parameter limit: How many bytes are kept.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds bytes, forgetting the oldest beyond the limit.
    mutating func append(_ more: [UInt8]) {
        bytes += more
        // Twice the limit, so that the removal's cost is spread.
        if bytes.count > 2 * limit { trim() }
    }

    /// What is kept, decoded leniently; a character that the cut went through is left out.
    var text: String {
        var copy = self
        copy.trim()
        let isContinuation: (UInt8) -> Bool = { $0 & 0xC0 == 0x80 }
        let whole = copy.isCut ? copy.bytes.drop(while: isContinuation) : copy.bytes[...]
        return String(decoding: whole, as: UTF8.self)
    }

    private mutating func trim() {
        guard bytes.count > limit else { return }
        bytes.removeFirst(bytes.count - limit)
        isCut = true
    }
}
