/// The bytes that a stream still has to send.
struct HTTP2Body {
    private var prefix: ArraySlice<UInt8>
    private var payload: ArraySlice<UInt8>

    /// A second header block for after the last byte; without one the last byte ends the stream.
    let trailers: [HeaderField]?

    /// The payload is shared with whoever holds it, never copied; the prefix before it should be small.
    init(prefix: [UInt8] = [], _ payload: ArraySlice<UInt8>, trailers: [HeaderField]? = nil) {
        self.prefix = prefix[...]
        self.payload = payload
        self.trailers = trailers
    }

    init(_ bytes: [UInt8], trailers: [HeaderField]? = nil) { self.init(bytes[...], trailers: trailers) }

    /// How many bytes are left.
    var count: Int { prefix.count + payload.count }

    /// Moves the next `count` bytes to `output`.
    mutating func move(_ count: Int, to output: inout OutputQueue) {
        let fromPrefix = min(count, prefix.count)
        output.append(prefix.prefix(fromPrefix))
        prefix.removeFirst(fromPrefix)
        output.append(payload.prefix(count - fromPrefix))
        payload.removeFirst(count - fromPrefix)
    }
}
