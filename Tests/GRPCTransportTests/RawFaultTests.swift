import CollectorTestKit
import Glibc
import Testing

@testable import GRPCTransport

@Suite("What a peer may do wrong, below HTTP/2", .timeLimit(.minutes(1)))
struct RawFaultTests {
    private static let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]

    @Test("A peer that accepts and never answers costs no more than the deadline; then a new connection is made")
    func silence() async throws {
        let connections = Signal()
        let peer = try RawPeer { connection in
            connections.fire()
            RawPeer.drain(connection)
        }
        try await GRPCClient.with(peer.target) { client in
            // On a busy machine a deadline may pass before there is a connection.
            while connections.count < 2, !Task.isCancelled {
                #expect(await client.echo(timeout: .milliseconds(50)).status.code == .deadlineExceeded)
            }
        }
        #expect(connections.count >= 2)
    }

    @Test("A peer that does not even read costs no more than the deadline")
    func stalledReader() async throws {
        let isConnected = Signal()
        let mayEnd = try Wakeup()
        let peer = try RawPeer { connection in
            // Its settings, and a window for the connection that the message fits in.
            RawPeer.send(Self.settings + [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0, 0, 0], connection)
            isConnected.fire()
            var polls = PollSet()
            polls.add(mayEnd.descriptor, .reading)
            polls.wait(until: nil)
        }
        defer { mayEnd.signal() }
        try await GRPCClient.with(peer.target) { client in
            let large = [UInt8](repeating: 0, count: 16 * 1_024 * 1_024)
            while isConnected.count == 0, !Task.isCancelled {
                #expect(await client.echo(large, timeout: .milliseconds(100)).status.code == .deadlineExceeded)
            }
        }
    }

    @Test("Closing a client whose peer is silent returns")
    func closeWhileSilent() async throws {
        let accepted = Signal()
        let peer = try RawPeer { connection in
            accepted.fire()
            RawPeer.drain(connection)
        }
        try await GRPCClient.with(peer.target) { client in
            async let response = client.echo(timeout: nil)
            await accepted.wait()
            await client.close()
            #expect(await response.status.code == .cancelled)
        }
    }

    @Test("An HTTP/1.1 server is UNAVAILABLE, and its words are quoted")
    func http1() async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            RawPeer.send(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8), connection)
        }
        let response = try await GRPCClient.with(peer.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(
            response.status.message
                == "\(peer.target) does not speak HTTP/2 without TLS: it answered 'HTTP/1.1 400 Bad Request'"
        )
    }

    @Test("Garbage is UNAVAILABLE, short or long", arguments: [[7], [UInt8](repeating: 0xFF, count: 1_000)])
    func garbage(bytes: [UInt8]) async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            RawPeer.send(bytes, connection)
        }
        let response = try await GRPCClient.with(peer.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("does not speak HTTP/2"))
    }

    @Test("Garbage after proper settings is UNAVAILABLE, with the reason")
    func lateGarbage() async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            RawPeer.send(Self.settings + [UInt8](repeating: 0xFF, count: 100), connection)
            RawPeer.drain(connection)
        }
        let response = try await GRPCClient.with(peer.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("\(peer.target)"))
    }

    @Test("A connection that is closed at once, before or after the preface, is UNAVAILABLE", arguments: [true, false])
    func closedAtOnce(reads: Bool) async throws {
        let peer = try RawPeer { connection in
            if reads { RawPeer.readOnce(connection) }
        }
        let response = try await GRPCClient.with(peer.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("\(peer.target)"))
    }

    @Test("A TCP reset is UNAVAILABLE, and never a signal")
    func tcpReset() async throws {
        let peer = try RawPeer { connection in
            RawPeer.send(Self.settings, connection)
            RawPeer.readOnce(connection)
            var hard = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        }
        try await GRPCClient.with(peer.target) { client in
            let large = [UInt8](repeating: 0, count: 8 * 1_024 * 1_024)
            for message in [[1], large] {
                let response = await client.echo(message)
                #expect(response.status.code == .unavailable)
                #expect(response.status.message.contains("\(peer.target)"))
            }
        }
    }

    @Test("A peer that closes in the middle of its answer is UNAVAILABLE")
    func halfAnAnswer() async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            // A HEADERS frame on stream 1 that promises 200 bytes and has 3.
            RawPeer.send(Self.settings + [0, 0, 200, 1, 4, 0, 0, 0, 1, 0x88, 0x5F, 0x10], connection)
            shutdown(connection, Int32(SHUT_WR))
            RawPeer.drain(connection)
        }
        let response = try await GRPCClient.with(peer.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message == "\(peer.target) closed the connection")
    }

    @Test("A stream that we end because the peer broke its rules is said to be so")
    func brokenStream() async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            // content-length 1, and a body of 5 bytes.
            let head: [UInt8] = [0x88, 0x0F, 0x0D, 1, 0x31, 0x0F, 0x10, 16] + Array("application/grpc".utf8)
            let headers: [UInt8] = [0, 0, UInt8(head.count), 1, 4, 0, 0, 0, 1] + head
            RawPeer.send(Self.settings + headers + [0, 0, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], connection)
            RawPeer.drain(connection)
        }
        let status = try await GRPCClient.with(peer.target) { await $0.echo() }.status
        #expect(status.code == .internal)
        #expect(
            status.message
                == "the call was ended because \(peer.target) broke the rules of HTTP/2 on its stream (PROTOCOL_ERROR)"
        )
    }

    @Test("A server of ours survives clients that speak something else")
    func garbageToServer() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        let address = try SocketAddress.resolve(GRPCTarget(host: "127.0.0.1", port: server.port), numericOnly: true)
        let words: [String] = ["", "GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxx"]
        let sockets = try words.map { text in
            let socket = try Socket.connecting(to: address[0])
            var polls = PollSet()
            polls.add(socket.descriptor, .writing)
            polls.wait(until: nil)
            #expect(socket.write([Array(text.utf8)[...]]) == .bytes(text.utf8.count))
            return socket
        }
        #expect(try await GRPCClient.with(server) { await $0.echo() }.status == .ok)
        withExtendedLifetime(sockets) {}
    }
}
