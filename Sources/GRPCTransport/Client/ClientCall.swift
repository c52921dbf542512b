/// What a caller hands over to the client's thread.
struct ClientRequest: Sendable {
    let id: UInt64
    let path: String
    /// The message with gRPC's prefix.
    let frame: [UInt8]
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

    /// How often it was put on another stream because the one before was provably not processed.
    var resends = 0

    init(_ request: ClientRequest) { self.request = request }

    func answer(_ response: GRPCResponse) { request.continuation.resume(returning: response) }
}
