import Synchronization
import Testing

@testable import GRPCTransport

@Suite("What the client writes, and how it reads rare answers", .timeLimit(.minutes(1)))
struct WireTests {
    private func settings(_ target: GRPCTarget = GRPCTarget(host: "h", port: 1)) -> GRPCClientSettings {
        GRPCClientSettings(target: target, userAgent: "grpc-transport-tests/1")
    }

    @Test("Header fields go in gRPC's order, binary ones without padding")
    func headerOrder() {
        var settings = settings()
        settings.metadata = [("X-Text", " a "), ("x-raw-bin", "AA==,AP8=")]
        let fields = RequestHeaders(settings).fields(path: "/a/b", timeout: .seconds(1), encoding: "gzip")
        #expect(
            fields == [
                HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", "/a/b"),
                HeaderField(":authority", "h:1"), HeaderField("grpc-timeout", "1000000u"),
                HeaderField("te", "trailers"), HeaderField("content-type", "application/grpc+proto"),
                HeaderField("grpc-encoding", "gzip"), HeaderField("grpc-accept-encoding", "gzip"),
                HeaderField("user-agent", "grpc-transport-tests/1"), HeaderField("x-text", "a"),
                HeaderField("x-raw-bin", "AA,AP8"),
            ]
        )
        settings.tls = TLSSettings()
        #expect(RequestHeaders(settings).fields(path: "/", timeout: nil, encoding: nil)[":scheme"] == "https")
    }

    @Test("Bytes leave in order, however few a stream takes at a time", arguments: [1, 3, 1_000, 5_000, 1_000_000])
    func partialWrites(size: Int) {
        let payload = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        var queue = OutputQueue()
        let sink = ByteSink(takesAtOnce: size)
        var expected: [UInt8] = []
        for part in [payload[..<9], payload[9..<5_000], payload[5_000..<5_000], payload[5_000...]] {
            part.withUnsafeBufferPointer { queue.append(copying: $0) }
            queue.append(part)
            expected += Array(part) + Array(part)
            _ = queue.write(to: sink)
        }
        while !queue.isEmpty { _ = queue.write(to: sink) }
        #expect(sink.bytes == expected)
    }

    @Test("CANCEL from the peer after the call's own deadline is DEADLINE_EXCEEDED, before it CANCELLED")
    func lateCancel() async throws {
        for (timeout, expected) in [
            (Duration.seconds(-1), GRPCStatusCode.deadlineExceeded), (.seconds(50), .cancelled),
        ] {
            let loop = ClientLoop(settings: settings(), mailbox: try ClientMailbox())
            let keepalive = Keepalive(time: nil, timeout: .zero)
            let connection = try ClientConnection(stream: ByteSink(), keepalive: keepalive)
            let headers = RequestHeaders(settings())
            let response = await withCheckedContinuation { continuation in
                let request = ClientRequest(
                    id: 1,
                    path: "/a/b",
                    message: [1],
                    compressed: nil,
                    deadline: .now + timeout,
                    continuation: continuation
                )
                let call = ClientCall(request)
                loop.calls[1] = call
                #expect(throws: Never.self) { try connection.start(call, headers, responseLimit: 1, now: .now) }
                loop.handle(.closed(stream: 1, error: .cancel), on: connection)
            }
            #expect(response.status.code == expected)
        }
    }

    @Test("Initial metadata and pushback reach the caller")
    func metadata() async throws {
        let server = try GRPCServer.start { _ in
            .status(GRPCStatus(.unavailable), trailers: [("grpc-retry-pushback-ms", "-1")])
        }
        let refused = try await GRPCClient.with(server) { await $0.echo() }
        #expect(refused.trailers.map(\.name) == ["grpc-retry-pushback-ms"])
        #expect(refused.trailers.map(\.value) == ["-1"])
        #expect(refused.initialMetadata.isEmpty)
        var assembler = ResponseAssembler()
        let start = [
            HeaderField(":status", "200"), HeaderField("content-type", "application/grpc"), HeaderField("a", "b"),
        ]
        #expect(assembler.receive(start, endsStream: false)?.status == nil)
        #expect(assembler.receive([HeaderField("grpc-status", "5")], endsStream: true)?.status == nil)
        let response = assembler.endOfStream()
        #expect(response.initialMetadata.map(\.name) == ["a"])
        #expect(response.trailers.isEmpty)
    }

    @Test("A server that does not know gzip gets the message again as it is, and the next ones at once")
    func gzipRefused() async throws {
        let encodings = Mutex<[String?]>([])
        let server = try GRPCServer.start { request in
            let encoding = request.metadata.first { $0.name == "grpc-encoding" }?.value
            encodings.withLock { $0.append(encoding) }
            guard encoding == nil else {
                return .status(GRPCStatus(.unimplemented), trailers: [("grpc-accept-encoding", "identity,deflate")])
            }
            return .message(request.message)
        }
        var settings = settings(GRPCTarget(host: "127.0.0.1", port: server.port))
        settings.compression = .gzip
        let message = [UInt8](repeating: 7, count: 10_000)
        try await GRPCClient.with(settings) { client in
            for _ in 0..<3 { #expect(await client.echo(message).message == message) }
        }
        #expect(encodings.withLock { $0.compactMap(\.self) }.count <= 1)
        #expect(server.acceptedConnections == 1)
    }

    @Test("Both limits are the settings'")
    func limits() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        var settings = settings(GRPCTarget(host: "127.0.0.1", port: server.port))
        settings.maxRequestBytes = 100
        settings.maxResponseBytes = 50
        try await GRPCClient.with(settings) { client in
            #expect(await client.echo([UInt8](repeating: 0, count: 50)).status == .ok)
            #expect(await client.echo([UInt8](repeating: 0, count: 51)).status.code == .resourceExhausted)
            let unsent = await client.echo([UInt8](repeating: 0, count: 101))
            #expect(unsent.status.code == .resourceExhausted)
            #expect(unsent.isProvablyUnprocessed)
        }
    }
}
