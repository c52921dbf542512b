/// One client's connection on the server's side: its streams, and how replies are written to them.
final class ServerConnection {
    let id: UInt64
    let connection: HTTP2Connection
    private let settings: GRPCServerSettings
    private var requests: [Int32: RequestAssembler] = [:]
    /// Streams that are not answered yet.
    private var open: Set<Int32> = []

    /// What goes past nghttp2, when that has nothing under way.
    private var raw: [ArraySlice<UInt8>] = []
    private var isClosingAfterRaw = false

    /// The handler or the peer has ended it.
    private(set) var isDropped = false

    init(id: UInt64, stream: any ByteStream, settings: GRPCServerSettings) throws(HTTP2Failure) {
        self.id = id
        self.settings = settings
        connection = try HTTP2Connection(stream: stream, role: .server, settings: settings.http2)
    }

    /// Reads, and returns the requests that have become complete.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> [(stream: Int32, request: GRPCServerRequest)] {
        if connection.receive(into: buffer) != nil { isDropped = true }
        return connection.session.takeEvents().compactMap(handle)
    }

    func flush() {
        if connection.flush() != nil || connection.isFinished && raw.isEmpty { isDropped = true }
        writeRaw()
    }

    /// What to poll for.
    var interest: PollSet.Interest { raw.isEmpty ? connection.interest : [.reading, .writing] }

    /// Writes one piece; the next one has to wait for the next turn.
    private func writeRaw() {
        guard !isDropped, let piece = raw.first, !connection.interest.contains(.writing) else { return }
        switch connection.stream.write([piece]) {
        case .bytes(let count) where count < piece.count: raw[0] = piece.dropFirst(count)
        case .bytes:
            raw.removeFirst()
            if raw.isEmpty, isClosingAfterRaw { isDropped = true }
        case .wouldBlock: break
        case .endOfStream, .failed: isDropped = true
        }
    }

    private func handle(_ event: HTTP2Event) -> (stream: Int32, request: GRPCServerRequest)? {
        switch event {
        case .headers(let stream, let fields, _) where requests[stream] == nil:
            let assembler = RequestAssembler(fields, limit: settings.maxRequestBytes)
            open.insert(stream)
            if let refusal = assembler.refusal { reply(refusal, to: stream) } else { requests[stream] = assembler }
        case .data(let stream, let bytes):
            guard let refusal = requests[stream]?.receive(bytes) else { break }
            requests[stream] = nil
            reply(refusal, to: stream)
        case .endOfStream(let stream):
            guard let assembler = requests.removeValue(forKey: stream) else { break }
            switch assembler.endOfStream() {
            case .success(let request): return (stream, request)
            case .failure(let refusal): reply(refusal.reply, to: stream)
            }
        case .closed(let stream, _):
            requests[stream] = nil
            open.remove(stream)
        default:
            break
        }
        return nil
    }

    /// Does what the handler wants with the stream, unless the stream is gone.
    ///
    /// `.later` is not for this place.
    func reply(_ reply: GRPCServerReply, to stream: Int32) {
        guard open.remove(stream) != nil else { return }
        do throws(HTTP2Failure) {
            try perform(reply, on: stream)
        } catch {
            isDropped = true
        }
    }

    private func perform(_ reply: GRPCServerReply, on stream: Int32) throws(HTTP2Failure) {
        let session = connection.session
        switch reply {
        case .message(let message, let status, let trailers):
            let body = HTTP2Body(MessageFraming.encode(message), trailers: ReplyHeaders.trailers(status, trailers))
            try session.submitResponse(stream: stream, ReplyHeaders.initial, body: body)
        case .status(let status, let trailers):
            let fields = ReplyHeaders.initial + ReplyHeaders.trailers(status, trailers)
            try session.submitResponse(stream: stream, fields, body: nil)
        case .http(let fields, let body):
            let fields = fields.map { HeaderField($0.name, $0.value) }
            try session.submitResponse(stream: stream, fields, body: HTTP2Body(body))
        case .reset(let code):
            try session.reset(stream: stream, HTTP2ErrorCode(rawValue: code))
        case .goAway(nil):
            try session.goAway(lastStream: max(0, stream - 2), .noError)
        case .goAway(let then?):
            try session.goAway(lastStream: stream, .noError)
            try perform(then, on: stream)
        case .raw(let pieces, let closing):
            raw += pieces(stream).map { $0[...] }
            isClosingAfterRaw = closing
        case .dropConnection:
            isDropped = true
        case .never, .later:
            break
        }
    }
}
