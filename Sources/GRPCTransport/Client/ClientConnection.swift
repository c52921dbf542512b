/// The client's view of one connection: which calls are on it, and whether it takes more.
final class ClientConnection {
    let connection: HTTP2Connection
    private(set) var calls: [Int32: ClientCall] = [:]

    /// No new calls, and closed when the last one is answered: after a GOAWAY, or when the peer seems to be gone.
    var isDraining = false

    /// What the peer said with its GOAWAY, or did wrong.
    var complaint: String?

    /// False once the peer has said that it does not know gzip.
    var takesGzip = true

    private var keepalive: Keepalive
    private var activeSince: ContinuousClock.Instant?

    init(stream: any ByteStream, keepalive: Keepalive) throws(HTTP2Failure) {
        connection = try HTTP2Connection(stream: stream, role: .client)
        self.keepalive = keepalive
    }

    /// Whether the peer's settings have come.
    ///
    /// Until then one call goes ahead, which costs no round trip, and the others wait: gRPC's C core answers those
    /// that turn out to be too many with ENHANCE_YOUR_CALM, which OTLP must not retry.
    var hasSettings = false

    var hasRoom: Bool {
        !isDraining && calls.count < (hasSettings ? connection.session.peerMaxConcurrentStreams : 1)
    }

    /// Puts a call on a stream of its own.
    func start(
        _ call: ClientCall,
        _ headers: RequestHeaders,
        responseLimit: Int,
        now: ContinuousClock.Instant
    ) throws(HTTP2Failure) {
        call.isCompressed = takesGzip && call.request.compressed != nil
        let fields = headers.fields(
            path: call.request.path,
            timeout: call.request.deadline.map { now.duration(to: $0) },
            encoding: call.isCompressed ? "gzip" : nil
        )
        let stream = try connection.session.submitRequest(fields, body: call.body())
        if calls.isEmpty { activeSince = now }
        calls[stream] = call
        call.place = (self, stream)
        call.startedAt = now
        call.violation = nil
        call.assembler = ResponseAssembler(limit: responseLimit)
    }

    /// Takes the call off its stream.
    func remove(stream: Int32) {
        calls.removeValue(forKey: stream)?.place = nil
        if calls.isEmpty { activeSince = nil }
    }

    /// True if not one byte has come since the call was put on this connection.
    func hasBeenSilent(since call: ClientCall) -> Bool {
        guard let startedAt = call.startedAt, let received = connection.lastReceived else { return true }
        return received < startedAt
    }

    func keepaliveStep(now: ContinuousClock.Instant) -> Keepalive.Step {
        keepalive.step(now: now, lastReceived: connection.lastReceived, activeSince: activeSince)
    }
}
