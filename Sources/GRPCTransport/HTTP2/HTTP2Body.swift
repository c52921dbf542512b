/// The bytes that a stream still has to send.
struct HTTP2Body {
    private let bytes: [UInt8]
    private var sent = 0

    /// A second header block for after the last byte; without one the last byte ends the stream.
    let trailers: [HeaderField]?

    init(_ bytes: [UInt8], trailers: [HeaderField]? = nil) {
        self.bytes = bytes
        self.trailers = trailers
    }

    var isAtEnd: Bool { sent == bytes.count }

    /// Copies as much as there is and fits, and returns how much that was.
    mutating func copy(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - sent)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<sent + count])) }
        sent += count
        return count
    }
}
