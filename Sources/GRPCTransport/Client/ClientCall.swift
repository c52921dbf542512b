/// What a caller hands over to the client's thread.
struct ClientRequest: Sendable {
    let id: UInt64
    let path: String
    let message: ArraySlice<UInt8>
    /// The message compressed with gzip, if it is to be sent so.
    let compressed: [UInt8]?
    let deadline: ContinuousClock.Instant?
    let continuation: CheckedContinuation<GRPCResponse, Never>
}

/// A call that is not answered yet.
///
/// Belongs to the client's thread, which answers it exactly once.
final class ClientCall {
    let request: ClientRequest
    var assembler = ResponseAssembler()

    /// Where it is under way; `nil` while it waits for a connection or for a free stream.
    var place: (connection: ClientConnection, stream: Int32)?
    var startedAt: ContinuousClock.Instant?

    /// Whether the message was compressed when it was sent last.
    var isCompressed = false

    /// What the peer did wrong on its stream, for which nghttp2 ends it.
    var violation: String?

    /// How often it was put on another stream because the one before was provably not processed.
    var resends = 0

    init(_ request: ClientRequest) { self.request = request }

    func body() -> HTTP2Body {
        let message = isCompressed ? request.compressed?[...] ?? request.message : request.message
        return HTTP2Body(prefix: MessageFraming.prefix(message.count, isCompressed: isCompressed), message)
    }

    func answer(_ response: GRPCResponse) { request.continuation.resume(returning: response) }
}
