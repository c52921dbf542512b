package import GRPCTransport
package import OTLPWire

/// What a `Collector` does with one request.
package indirect enum Fault: Sendable {
    /// OK.
    case accept

    /// OK, but not for all that was sent.
    case partial(PartialSuccess)

    /// A status and nothing else (Trailers-Only), with RetryInfo or `grpc-retry-pushback-ms` if they are given.
    case refuse(GRPCStatus, retryAfter: Duration? = nil, pushback: String? = nil)

    /// No answer, ever.
    case hang

    /// The other one, when the gate opens.
    case hold(Gate, then: Fault)

    /// GOAWAY that leaves this request out: it was provably not processed.
    case goAwayBefore

    /// GOAWAY that includes this request, and then the other one.
    case goAwayWith(Fault)

    /// RST_STREAM in place of an answer.
    case reset(UInt32)

    /// The connection is closed without a word.
    case drop

    /// An answer of something that is no gRPC server.
    case http(status: Int, contentType: String?, body: [UInt8] = [])

    /// Frames written past nghttp2, in pieces of one write each; `takesRequest` if a client has to read OK out of them.
    case frames(takesRequest: Bool = false, closing: Bool = false, @Sendable (_ stream: Int32) -> [[UInt8]])

    /// Whether the sender is told that the request was taken.
    package var takesRequest: Bool {
        switch self {
        case .accept, .partial: true
        case .hold(_, let then), .goAwayWith(let then): then.takesRequest
        case .frames(let takesRequest, _, _): takesRequest
        case .refuse(let status, _, _): status.isOK
        case .hang, .goAwayBefore, .reset, .drop, .http: false
        }
    }

    /// The same in the server's terms.
    package var reply: GRPCServerReply {
        switch self {
        case .accept: return .message(ExportResponse.encoded())
        case .partial(let partial): return .message(ExportResponse.encoded(partial))
        case .refuse(let status, let retryAfter, let pushback):
            var status = status
            if let retryAfter { status.details = RetryDetails.encoded(status, retryAfter: retryAfter) }
            return .status(status, trailers: pushback.map { [("grpc-retry-pushback-ms", $0)] } ?? [])
        case .hang: return .never
        case .hold(let gate, let then): return gate.hold(then.reply)
        case .goAwayBefore: return .goAway(then: nil)
        case .goAwayWith(let then): return .goAway(then: then.reply)
        case .reset(let code): return .reset(code)
        case .drop: return .dropConnection
        case .http(let status, let type, let body):
            let fields = [(":status", String(status))] + (type.map { [("content-type", $0)] } ?? [])
            return .http(fields: fields, body: body)
        case .frames(_, let closing, let frames): return .raw(frames, closing: closing)
        }
    }
}
