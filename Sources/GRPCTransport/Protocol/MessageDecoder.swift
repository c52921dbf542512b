/// Takes gRPC messages out of a stream of bytes that is cut anywhere.
struct MessageDecoder {
    struct Message: Hashable {
        var isCompressed: Bool
        var bytes: [UInt8]
    }

    enum Failure: Error, Hashable {
        /// The flag byte was neither 0 nor 1.
        case unknownFlag(UInt8)
        /// A message says that it has `size` bytes, and `limit` are allowed. Nothing was allocated for it.
        case tooLarge(size: Int, limit: Int)
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    /// What lies before it in `buffer` has been given out.
    private var start = 0

    init(limit: Int) { self.limit = limit }

    /// Whether there are bytes that belong to a message which is not complete.
    var hasRemainder: Bool { start < buffer.count }

    mutating func append(_ bytes: [UInt8]) {
        if start == buffer.count {
            buffer = bytes
            start = 0
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// The next message, or `nil` if more bytes are needed.
    mutating func next() throws(Failure) -> Message? {
        guard buffer.count - start >= MessageFraming.prefixSize else { return nil }
        let flag = buffer[start]
        guard flag <= 1 else { throw .unknownFlag(flag) }
        let size = buffer[start + 1..<start + MessageFraming.prefixSize].reduce(0) { $0 << 8 | Int($1) }
        guard size <= limit else { throw .tooLarge(size: size, limit: limit) }
        let first = start + MessageFraming.prefixSize
        guard buffer.count - first >= size else { return nil }
        start = first + size
        return Message(isCompressed: flag == 1, bytes: Array(buffer[first..<start]))
    }
}
