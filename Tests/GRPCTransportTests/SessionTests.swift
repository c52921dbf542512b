import Testing

@testable import GRPCTransport

@Suite("Two HTTP/2 sessions with no network between them")
struct SessionTests {
    private let request = [
        HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", "/a/b"),
        HeaderField(":authority", "x"), HeaderField("te", "trailers"),
    ]
    private let client: HTTP2Session
    private let server: HTTP2Session

    init() throws {
        client = try HTTP2Session(role: .client)
        server = try HTTP2Session(role: .server, settings: GRPCServerSettings.streams(3).http2)
    }

    /// Moves bytes both ways, `size` at a time, until both sides are silent.
    private func exchange(inPiecesOf size: Int = 1 << 20) throws {
        var isSilent = false
        while !isSilent {
            isSilent = true
            for (sender, receiver) in [(client, server), (server, client)] {
                var bytes: [UInt8] = []
                try sender.collectOutput(into: &bytes, limit: 1 << 16)
                if !bytes.isEmpty { isSilent = false }
                for start in stride(from: 0, to: bytes.count, by: size) {
                    try Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBufferPointer(receiver.receive)
                }
            }
        }
    }

    private func body(of events: [HTTP2Event]) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            guard case .data(_, let bytes) = event else { return [] }
            return bytes
        }
    }

    @Test("A request and its answer with trailers pass, in pieces of any size", arguments: [1, 7, 1_000_000])
    func roundTrip(size: Int) throws {
        let stream = try client.submitRequest(request, body: HTTP2Body([1, 2, 3]))
        try exchange(inPiecesOf: size)
        let received = server.takeEvents()
        #expect(received.contains(.headers(stream: stream, fields: request, endsStream: false)))
        #expect(body(of: received) == [1, 2, 3])
        #expect(received.last == .endOfStream(stream: stream))

        let trailers = [HeaderField("grpc-status", "0")]
        try server.submitResponse(stream: stream, ReplyHeaders.initial, body: HTTP2Body([4], trailers: trailers))
        try exchange(inPiecesOf: size)
        let answered = client.takeEvents()
        #expect(answered.contains(.headers(stream: stream, fields: ReplyHeaders.initial, endsStream: false)))
        #expect(body(of: answered) == [4])
        let end: [HTTP2Event] = [
            .headers(stream: stream, fields: trailers, endsStream: true), .endOfStream(stream: stream),
            .closed(stream: stream, error: .noError),
        ]
        #expect(Array(answered.suffix(3)) == end)
    }

    @Test("A body larger than the window arrives whole")
    func largeBody() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let stream = try client.submitRequest(request, body: HTTP2Body(bytes))
        #expect(client.isSending(stream: stream))
        try exchange()
        #expect(body(of: server.takeEvents()) == bytes)
        #expect(!client.isSending(stream: stream))
    }

    @Test("A small request leaves in one piece: preface, settings, headers and data")
    func onePiece() throws {
        _ = try client.submitRequest(request, body: HTTP2Body([1]))
        var first: [UInt8] = []
        try client.collectOutput(into: &first, limit: 1 << 16)
        try first.withUnsafeBufferPointer(server.receive)
        #expect(server.takeEvents().last == .endOfStream(stream: 1))
    }

    @Test("The peer's limit of streams is known once its settings have come")
    func streamLimit() throws {
        #expect(client.peerMaxConcurrentStreams >= 100)
        try exchange()
        #expect(client.takeEvents().contains(.settings))
        #expect(client.peerMaxConcurrentStreams == 3)
    }

    @Test("A reset reaches the peer with its code, and what was still to be sent is dropped")
    func reset() throws {
        let stream = try client.submitRequest(request, body: HTTP2Body([UInt8](repeating: 0, count: 3_000_000)))
        var bytes: [UInt8] = []
        try client.collectOutput(into: &bytes, limit: 1 << 16)
        try bytes.withUnsafeBufferPointer(server.receive)
        try client.reset(stream: stream, .cancel)
        try exchange()
        #expect(server.takeEvents().last == .closed(stream: stream, error: .cancel))
        #expect(!client.isSending(stream: stream))
    }

    @Test("Streams above a GOAWAY's last one are closed as refused")
    func goAway() throws {
        let streams = try (0..<2).map { try client.submitRequest(request, body: HTTP2Body([$0])) }
        try exchange()
        try server.goAway(lastStream: streams[0], .noError)
        try exchange()
        let events = client.takeEvents()
        #expect(events.contains(.goAway(lastStream: streams[0], error: .noError, debug: "")))
        #expect(events.contains(.closed(stream: streams[1], error: .refusedStream)))
        #expect(!events.contains(.closed(stream: streams[0], error: .refusedStream)))
    }

    @Test("A PING is echoed")
    func ping() throws {
        try exchange()
        let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0] + Array(1...8)
        try ping.withUnsafeBufferPointer(client.receive)
        var answer: [UInt8] = []
        try client.collectOutput(into: &answer, limit: 1 << 16)
        #expect(answer == [0, 0, 8, 6, 1, 0, 0, 0, 0] + Array(1...8))
    }

    @Test("A frame that breaks the rules ends the session, with a reason")
    func brokenFrame() throws {
        try exchange()
        // DATA on stream 0 (RFC 9113 section 6.1).
        let frame: [UInt8] = [0, 0, 1, 0, 0, 0, 0, 0, 0, 7]
        try frame.withUnsafeBufferPointer(client.receive)
        var goodbye: [UInt8] = []
        try client.collectOutput(into: &goodbye, limit: 1 << 16)
        #expect(!client.isAlive)
        #expect(client.takeEvents().last == .invalidFrame(stream: 0, reason: "PROTOCOL_ERROR: DATA: stream_id == 0"))
    }

    @Test("Bytes that are no client's preface are an error of the server's session")
    func noPreface() throws {
        let failure = #expect(throws: HTTP2Failure.self) {
            try Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8).withUnsafeBufferPointer(server.receive)
        }
        #expect(failure?.function == "nghttp2_session_mem_recv")
    }

    @Test("Interim responses that HPACK blows up end the session before they fill the memory")
    func headerBomb() throws {
        _ = try client.submitRequest(request, body: HTTP2Body([1]))
        try exchange()
        // `x` with 4,000 bytes goes into the table once; then each byte 0xBE stands for all of it.
        let status: [UInt8] = [0, 7] + Array(":status".utf8) + [3] + Array("103".utf8)
        let large: [UInt8] =
            [0x40, 1, UInt8(ascii: "x"), 0x7F, 0xA1, 0x1E] + [UInt8](repeating: 1 + 0x60, count: 4_000)
        func headers(_ block: [UInt8]) -> [UInt8] {
            [0, UInt8(block.count >> 8), UInt8(block.count & 0xFF), 1, 4, 0, 0, 0, 1] + block
        }
        try headers(status + large).withUnsafeBufferPointer(client.receive)
        let bomb = headers(status + [UInt8](repeating: 0xBE, count: 7))
        var count = 0
        #expect(throws: HTTP2Failure.self) {
            while count < 10_000 {
                try bomb.withUnsafeBufferPointer(client.receive)
                count += 1
            }
        }
        #expect(count < 200)
        #expect(client.takeEvents().last == .invalidFrame(stream: 0, reason: "a flood of headers"))
    }

    @Test("Every single byte of an answer may be broken: the session errs or goes on, and never crashes")
    func brokenBytes() throws {
        let stream = try client.submitRequest(request, body: HTTP2Body([1]))
        try exchange()
        try server.submitResponse(stream: stream, ReplyHeaders.initial, body: HTTP2Body([4], trailers: []))
        var answer: [UInt8] = []
        try server.collectOutput(into: &answer, limit: 1 << 16)
        for index in answer.indices {
            for change in [UInt8(0x01), 0x80, 0xFF] {
                var broken = answer
                broken[index] ^= change
                let victim = try HTTP2Session(role: .client)
                _ = try victim.submitRequest(request, body: HTTP2Body([1]))
                var output: [UInt8] = []
                try victim.collectOutput(into: &output, limit: 1 << 16)
                let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
                try settings.withUnsafeBufferPointer(victim.receive)
                try? broken.withUnsafeBufferPointer(victim.receive)
                try? victim.collectOutput(into: &output, limit: 1 << 16)
                #expect(victim.takeEvents().first == .settings)
            }
        }
    }
}
