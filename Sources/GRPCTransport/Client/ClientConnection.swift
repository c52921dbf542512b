/// The client's view of one connection: which calls are on it, and whether it takes more.
final class ClientConnection {
    let connection: HTTP2Connection
    private(set) var calls: [Int32: ClientCall] = [:]

    /// No new calls, and closed when the last one is answered: after a GOAWAY, or when the peer seems to be gone.
    var isDraining = false

    /// What the peer said with its GOAWAY, or did wrong.
    var complaint: String?

    init(stream: any ByteStream) throws(HTTP2Failure) {
        connection = try HTTP2Connection(stream: stream, role: .client)
    }

    /// Whether the peer's settings have come.
    ///
    /// Until then one call goes ahead, which costs no round trip, and the others wait: gRPC's C core answers those
    /// that turn out to be too many with ENHANCE_YOUR_CALM, which OTLP must not retry.
    var hasSettings = false

    var hasRoom: Bool {
        !isDraining && calls.count < (hasSettings ? connection.session.peerMaxConcurrentStreams : 1)
    }

    func start(_ call: ClientCall, fields: [HeaderField], now: ContinuousClock.Instant) throws(HTTP2Failure) {
        let stream = try connection.session.submitRequest(fields, body: HTTP2Body(call.request.frame))
        calls[stream] = call
        call.place = (self, stream)
        call.startedAt = now
        call.assembler = ResponseAssembler()
    }

    /// Takes the call off its stream.
    func remove(stream: Int32) {
        calls.removeValue(forKey: stream)?.place = nil
    }

    /// True if not one byte has come since the call was put on this connection.
    func hasBeenSilent(since call: ClientCall) -> Bool {
        guard let startedAt = call.startedAt, let received = connection.lastReceived else { return true }
        return received < startedAt
    }
}
