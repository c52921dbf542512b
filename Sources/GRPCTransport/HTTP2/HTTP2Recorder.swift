/// What nghttp2's callbacks write to and read from: the session's user data.
///
/// A class because nghttp2 keeps its address; `HTTP2Session` owns it and outlives the `nghttp2_session`.
final class HTTP2Recorder {
    /// The size of one header block at most (RFC 9113 section 6.5.2 counts 32 bytes for each field beside its text);
    /// gRPC suggests 8 KiB, statuses with details need more.
    static let headerBlockLimit = 32 * 1_024

    /// The size of all header blocks between two `takeEvents` at most.
    ///
    /// With HPACK a few bytes can stand for thousands, and nothing limits how many interim responses there are.
    private static let headerTextLimit = 4 * 1_024 * 1_024
    private static let fieldOverhead = 32

    /// The longest DATA frame that is sent, whatever the peer allows: nghttp2 reserves a buffer of this size.
    static let frameLimit = 256 * 1_024

    var events: [HTTP2Event] = []

    /// What is ready for the peer, and how much of it there may be before DATA has to wait.
    var output = OutputQueue()
    var outputLimit = 0

    /// The bodies that are being sent, by stream.
    var bodies: [Int32: HTTP2Body] = [:]

    /// The streams that we ended on purpose.
    var resets: Set<Int32> = []

    /// The header block that is being received (blocks never interleave), and how much text it has.
    private var block: [HeaderField] = []
    private var blockSize = 0
    private var headerText = 0

    enum HeaderVerdict {
        case kept
        /// The block is too large; the stream has to end.
        case streamEnds
        /// The peer means no good; the session has to end.
        case sessionEnds
    }

    func beginHeaders() {
        block = []
        blockSize = 0
    }

    func addHeader(
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>,
        stream: Int32
    ) -> HeaderVerdict {
        let size = name.count + value.count + Self.fieldOverhead
        blockSize += size
        headerText += size
        guard headerText <= Self.headerTextLimit else {
            events.append(.invalidFrame(stream: 0, reason: "a flood of headers"))
            return .sessionEnds
        }
        guard blockSize <= Self.headerBlockLimit else {
            events.append(.headersTooLarge(stream: stream))
            return .streamEnds
        }
        block.append(HeaderField(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        return .kept
    }

    func endHeaders(stream: Int32, endsStream: Bool) {
        events.append(.headers(stream: stream, fields: block, endsStream: endsStream))
        block = []
    }

    /// Moves one DATA frame to the output; returns false if it has to wait for room.
    func sendData(stream: Int32, header: UnsafeBufferPointer<UInt8>, count: Int) -> Bool {
        guard output.count < outputLimit else { return false }
        output.append(copying: header)
        bodies[stream]?.move(count, to: &output)
        if bodies[stream]?.count == 0 { bodies[stream] = nil }
        return true
    }

    func close(stream: Int32, error: HTTP2ErrorCode) {
        bodies[stream] = nil
        resets.remove(stream)
        events.append(.closed(stream: stream, error: error))
    }

    func takeEvents() -> [HTTP2Event] {
        let taken = events
        events = []
        headerText = 0
        return taken
    }
}
