import CollectorTestKit
import Synchronization
import Testing

@testable import GRPCTransport

/// The cases of grpc `doc/negative-http2-interop-test-descriptions.md`, by their names.
@Suite("gRPC's negative HTTP/2 interop cases", .timeLimit(.minutes(1)))
struct NegativeInteropTests {
    private static let request = [UInt8](repeating: 0, count: 271_828)
    private static let reply = (0..<314_159).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private static let fields = [(":status", "200"), ("content-type", "application/grpc")]

    /// Not an array comparison within `#expect`, which would print all of it.
    private static func isReply(_ response: GRPCResponse) -> Bool {
        if !response.status.isOK { Issue.record("\(response.status)") }
        return response.message == reply
    }

    /// Settings, room for all requests, and the acknowledgement that lets the client's windows hold.
    private static func greeting(_ settings: [(UInt16, UInt32)]) -> [UInt8] {
        Frames.settings(settings) + Frames.windowUpdate(0, 1 << 24) + Frames.settings([], .acknowledgement)
    }

    private static func frames(ofReply count: Int, _ stream: Int32) -> [UInt8] {
        let body = Array(Frames.message(reply).prefix(count))
        return stride(from: 0, to: body.count, by: 16_384).flatMap {
            Frames.data(stream, Array(body[$0..<min($0 + 16_384, body.count)]))
        }
    }

    @Test("goaway: the second call goes to a new connection, and nobody has to do a thing")
    func goaway() async throws {
        let first = Once()
        let server = try GRPCServer.start { _ in
            first.first() ? .goAway(then: .message(Self.reply)) : .message(Self.reply)
        }
        try await GRPCClient.with(server) { client in
            #expect(Self.isReply(await client.echo(Self.request)))
            #expect(Self.isReply(await client.echo(Self.request)))
        }
        #expect(server.acceptedConnections == 2)
    }

    private func call(_ frames: @escaping @Sendable (Int32) -> [[UInt8]]) async throws -> GRPCResponse {
        let server = try GRPCServer.start { _ in .raw(frames, closing: false) }
        return try await GRPCClient.with(server) { await $0.echo(Self.request) }
    }

    @Test("rst_after_header: the call fails")
    func resetAfterHeader() async throws {
        let response = try await call { [Frames.headers($0, Self.fields), Frames.reset($0, 0)] }
        #expect(response.status.code == .internal && !response.isProvablyUnprocessed)
    }

    @Test("rst_during_data: the call fails")
    func resetDuringData() async throws {
        let response = try await call {
            [Frames.headers($0, Self.fields), Self.frames(ofReply: 157_080, $0), Frames.reset($0, 0)]
        }
        #expect(response.status.code == .internal && !response.isProvablyUnprocessed)
    }

    @Test("rst_after_data: the call fails")
    func resetAfterData() async throws {
        let response = try await call {
            [Frames.headers($0, Self.fields), Self.frames(ofReply: 314_164, $0), Frames.reset($0, 0)]
        }
        #expect(response.status.code == .internal && !response.isProvablyUnprocessed)
    }

    @Test("ping: every one is acknowledged, and the call succeeds")
    func ping() async throws {
        let acknowledged = Mutex<[UInt8]>([])
        let peer = try RawPeer { connection in
            RawPeer.send(Self.greeting([(4, 1 << 20)]), connection)
            guard let reader = FrameReader(connection), let stream = reader.endOfRequest() else { return }
            let answer = [
                Frames.headers(stream, Self.fields), Self.frames(ofReply: 314_164, stream),
                Frames.headers(stream, [("grpc-status", "0")], [.endHeaders, .endStream]),
            ]
            for (number, part) in answer.enumerated() {
                RawPeer.send(Frames.ping(UInt64(2 * number)) + part + Frames.ping(UInt64(2 * number + 1)), connection)
            }
            while let frame = reader.next() {
                guard frame.kind == .ping, frame.flags.contains(.acknowledgement) else { continue }
                acknowledged.withLock { $0.append(frame.payload[7]) }
            }
        }
        try await GRPCClient.with(peer.target) { client in
            #expect(Self.isReply(await client.echo(Self.request)))
            // The last of them may be unread when the answer is complete; they precede the next call.
            while acknowledged.withLock({ $0.count }) < 6, !Task.isCancelled {
                _ = await client.echo([], timeout: .milliseconds(20))
            }
        }
        #expect(acknowledged.withLock { $0 } == [0, 1, 2, 3, 4, 5])
    }

    @Test("max_streams: ten calls at once take turns when the server allows one stream")
    func maxStreams() async throws {
        let violations = Mutex(0)
        let peer = try RawPeer { connection in
            RawPeer.send(Self.greeting([(3, 1), (4, 1 << 20)]), connection)
            guard let reader = FrameReader(connection) else { return }
            while let stream = reader.endOfRequest() {
                // What the client has sent before it answers this is not caused by the end of the stream.
                RawPeer.send(Frames.ping(), connection)
                while let frame = reader.next(), !(frame.kind == .ping && frame.flags.contains(.acknowledgement)) {
                    if frame.kind == .headers { violations.withLock { $0 += 1 } }
                }
                let end = Frames.headers(stream, [("grpc-status", "0")], [.endHeaders, .endStream])
                RawPeer.send(
                    Frames.headers(stream, Self.fields) + Self.frames(ofReply: 314_164, stream) + end,
                    connection
                )
            }
        }
        try await GRPCClient.with(peer.target) { client in
            #expect(Self.isReply(await client.echo(Self.request)))
            await withTaskGroup { group in
                for _ in 0..<10 { group.addTask { await client.echo(Self.request) } }
                for await response in group { #expect(Self.isReply(response)) }
            }
        }
        #expect(violations.withLock { $0 } == 0)
    }
}
