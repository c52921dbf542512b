import Glibc
import Testing

@testable import GRPCTransport

@Suite("What a peer may do wrong, in HTTP/2", .timeLimit(.minutes(1)))
struct FaultTests {
    @Test("A GOAWAY resends the calls it did not process, on a new connection")
    func goAwayUnprocessed() async throws {
        let calls = Signal()
        let server = try GRPCServer.start { request in
            calls.fire()
            return calls.count == 1 ? .goAway(then: nil) : .message(request.message)
        }
        let response = try await GRPCClient.with(server) { await $0.echo([5]) }
        #expect(response.message == [5])
        #expect(calls.count == 2)
        #expect(server.acceptedConnections == 2)
    }

    @Test("A call that is refused twice is UNAVAILABLE and known to be unprocessed")
    func goAwayTwice() async throws {
        let calls = Signal()
        let server = try GRPCServer.start { _ in
            calls.fire()
            return .goAway(then: nil)
        }
        let response = try await GRPCClient.with(server) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.isProvablyUnprocessed)
        #expect(calls.count == 2)
    }

    @Test("A GOAWAY lets the calls finish that it did accept; the next call takes a new connection")
    func goAwayAccepted() async throws {
        let server = try GRPCServer.start { .goAway(then: .message($0.message)) }
        try await GRPCClient.with(server) { client in
            #expect(await client.echo([1]).message == [1])
            #expect(await client.echo([2]).message == [2])
        }
        #expect(server.acceptedConnections == 2)
    }

    @Test(
        "RST_STREAM becomes the status that gRPC says",
        arguments: [
            (HTTP2ErrorCode.noError, GRPCStatusCode.internal), (.internalError, .internal), (.cancel, .cancelled),
            (.enhanceYourCalm, .resourceExhausted), (.inadequateSecurity, .permissionDenied),
        ]
    )
    func resets(error: HTTP2ErrorCode, expected: GRPCStatusCode) async throws {
        let server = try GRPCServer.start { _ in .reset(error.rawValue) }
        let response = try await GRPCClient.with(server) { await $0.echo() }
        #expect(response.status.code == expected)
        #expect(response.status.message.contains(error.description))
        #expect(!response.isProvablyUnprocessed)
    }

    @Test("A call that is refused again and again is UNAVAILABLE in the end, and known to be unprocessed")
    func alwaysRefused() async throws {
        let calls = Signal()
        let server = try GRPCServer.start { _ in
            calls.fire()
            return .reset(HTTP2ErrorCode.refusedStream.rawValue)
        }
        let response = try await GRPCClient.with(server) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.isProvablyUnprocessed)
        #expect(calls.count == 6)
    }

    @Test("REFUSED_STREAM sends the call again on the same connection")
    func refusedStream() async throws {
        let calls = Signal()
        let server = try GRPCServer.start { request in
            calls.fire()
            return calls.count == 1 ? .reset(HTTP2ErrorCode.refusedStream.rawValue) : .message(request.message)
        }
        #expect(try await GRPCClient.with(server) { await $0.echo([4]) }.message == [4])
        #expect(server.acceptedConnections == 1)
    }

    @Test("A lost connection is UNAVAILABLE for all its calls, and the next call makes a new one")
    func droppedConnection() async throws {
        let calls = Signal()
        let server = try GRPCServer.start { request in
            calls.fire()
            return switch calls.count {
            case 1: .never
            case 2: .dropConnection
            default: .message(request.message)
            }
        }
        try await GRPCClient.with(server) { client in
            async let first = client.echo()
            async let second = client.echo()
            for response in await [first, second] {
                #expect(response.status.code == .unavailable)
                #expect(response.status.message.contains("127.0.0.1:\(server.port)"))
                #expect(!response.isProvablyUnprocessed)
            }
            #expect(await client.echo().status == .ok)
        }
        #expect(server.acceptedConnections == 2)
    }

    @Test("A server that went away and came back on its port is found again")
    func restartedServer() async throws {
        let first = try GRPCServer.start { .message($0.message) }
        try await GRPCClient.with(first) { client in
            #expect(await client.echo().status == .ok)
            first.stop()
            let refused = await client.echo()
            #expect(refused.status.code == .unavailable)
            let second = try GRPCServer.start(port: first.port) { .message($0.message) }
            client.resetConnectBackoff()
            #expect(await client.echo().status == .ok)
            second.stop()
        }
    }

    @Test("Nobody listens: UNAVAILABLE, with the address and the system's words")
    func refused() async throws {
        let server = try GRPCServer.start { _ in .never }
        server.stop()
        // Nobody else can take the port meanwhile.
        let blocker = try #require(try Self.bindWithoutListening("127.0.0.1", server.port))
        defer { close(blocker) }
        let response = try await GRPCClient.with(server) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message == "cannot connect to 127.0.0.1:\(server.port): Connection refused")
        #expect(response.isProvablyUnprocessed)
    }

    @Test("localhost is tried on both of its addresses", arguments: [("127.0.0.1", "::1"), ("::1", "127.0.0.1")])
    func localhost(address: String, other: String) async throws {
        // The same port on the other address belongs to a socket that refuses, so that no other test can answer there.
        var server = try GRPCServer.start(host: address) { .message($0.message) }
        var blocker = try Self.bindWithoutListening(other, server.port)
        while blocker == nil {
            server = try GRPCServer.start(host: address) { .message($0.message) }
            blocker = try Self.bindWithoutListening(other, server.port)
        }
        let target = GRPCTarget(host: "localhost", port: server.port)
        #expect(try await GRPCClient.with(target) { await $0.echo() }.status == .ok)
        if let blocker { close(blocker) }
    }

    private static func bindWithoutListening(_ host: String, _ port: UInt16) throws -> Int32? {
        let target = GRPCTarget(host: host, port: port)
        let address = try #require(try SocketAddress.resolve(target, numericOnly: true).first)
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        guard address.withPointer({ bind(descriptor, $0, $1) }) != 0 else { return descriptor }
        close(descriptor)
        return nil
    }

    @Test("A name that does not exist is UNAVAILABLE and named")
    func unknownName() async throws {
        // RFC 6761: `.invalid` never exists.
        let target = GRPCTarget(host: "collector.invalid", port: 4317)
        let response = try await GRPCClient.with(target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("collector.invalid"))
    }

    @Test(
        "An answer that is not gRPC is mapped by its HTTP status",
        arguments: [(401, GRPCStatusCode.unauthenticated), (404, .unimplemented), (503, .unavailable), (200, .unknown)]
    )
    func notGRPC(status: Int, expected: GRPCStatusCode) async throws {
        let server = try GRPCServer.start { _ in
            .http(fields: [(":status", String(status)), ("content-type", "text/html")], body: Array("<html>".utf8))
        }
        try await GRPCClient.with(server) { client in
            for _ in 0..<2 {
                let response = await client.echo()
                #expect(response.status.code == expected)
                #expect(response.status.message.contains("HTTP status \(status), content type text/html"))
            }
        }
        #expect(server.acceptedConnections == 1)
    }

    @Test("gRPC without grpc-status is UNKNOWN")
    func missingStatus() async throws {
        let server = try GRPCServer.start { _ in
            .http(
                fields: [(":status", "200"), ("content-type", "application/grpc")],
                body: MessageFraming.encode([1])
            )
        }
        #expect(try await GRPCClient.with(server) { await $0.echo() }.status.code == .unknown)
    }

    @Test("Headers without measure are RESOURCE_EXHAUSTED")
    func hugeHeaders() async throws {
        let server = try GRPCServer.start { _ in
            .status(.ok, trailers: (0..<40).map { ("x-\($0)", String(repeating: "v", count: 1_000)) })
        }
        #expect(try await GRPCClient.with(server) { await $0.echo() }.status.code == .resourceExhausted)
    }
}
