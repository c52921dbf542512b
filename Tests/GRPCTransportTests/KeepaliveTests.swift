import CollectorTestKit
import Testing

@testable import GRPCTransport

@Suite("Keepalive on a connection", .timeLimit(.minutes(1)))
struct KeepaliveTests {
    private static let ping: UInt8 = 6
    private static let headers: UInt8 = 1

    private func settings(_ target: GRPCTarget, timeout: Duration) -> GRPCClientSettings {
        var settings = GRPCClientSettings(target: target, userAgent: "grpc-transport-tests/1")
        settings.minimumKeepaliveTime = .milliseconds(1)
        settings.keepaliveTime = .milliseconds(10)
        settings.keepaliveTimeout = timeout
        return settings
    }

    private static let answer =
        Frames.headers(1, [(":status", "200"), ("content-type", "application/grpc")])
        + Frames.data(1, Frames.message([7])) + Frames.headers(1, [("grpc-status", "0")], [.endHeaders, .endStream])

    @Test("A time below 10 s counts as 10 s")
    func leastTime() throws {
        var settings = GRPCClientSettings(target: GRPCTarget(host: "x", port: 1), userAgent: "x")
        settings.keepaliveTime = .seconds(1)
        #expect(ClientLoop(settings: settings, mailbox: try ClientMailbox()).keepaliveTime == .seconds(10))
    }

    @Test("A peer that echoes pings keeps its call")
    func echoed() async throws {
        let peer = try RawPeer { connection in
            RawPeer.send(Frames.settings(), connection)
            var pings = 0
            while pings < 3, let frame = RawPeer.frame(connection) {
                guard frame.type == Self.ping else { continue }
                pings += 1
                RawPeer.send(Frames.frame(.ping, .acknowledgement, frame.payload), connection)
            }
            RawPeer.send(Self.answer, connection)
            RawPeer.drain(connection)
        }
        let response = try await GRPCClient.with(settings(peer.target, timeout: .seconds(50))) { await $0.echo() }
        #expect(response.message == [7])
    }

    @Test("A peer that echoes no ping loses all its calls, and the next call makes a new connection")
    func expired() async throws {
        let connections = Signal()
        let peer = try RawPeer { connection in
            connections.fire()
            if connections.count == 1 {
                RawPeer.send(Frames.settings(), connection)
                RawPeer.drain(connection)
            } else {
                RawPeer.send(Frames.settings(), connection)
                while let frame = RawPeer.frame(connection), frame.type != Self.headers {}
                RawPeer.send(Self.answer, connection)
                RawPeer.drain(connection)
            }
        }
        try await GRPCClient.with(settings(peer.target, timeout: .milliseconds(20))) { client in
            async let first = client.echo(timeout: nil)
            async let second = client.echo(timeout: nil)
            for response in await [first, second] {
                #expect(response.status.code == .unavailable)
                #expect(response.status.message.contains("keepalive ping"))
                #expect(!response.isProvablyUnprocessed)
            }
        }
        try await GRPCClient.with(settings(peer.target, timeout: .seconds(50))) { client in
            #expect(await client.echo().message == [7])
        }
    }

    @Test("too_many_pings doubles the time, and the error says so")
    func tooManyPings() async throws {
        let peer = try RawPeer { connection in
            RawPeer.send(Frames.settings(), connection)
            while let frame = RawPeer.frame(connection), frame.type != Self.ping {}
            RawPeer.send(Frames.goAway(lastStream: 1, 11, debug: "too_many_pings"), connection)
        }
        let response = try await GRPCClient.with(settings(peer.target, timeout: .seconds(50))) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(
            response.status.message
                == "\(peer.target) closed the connection: ENHANCE_YOUR_CALM, too_many_pings; "
                + "keepalive pings now come no sooner than every 0.02 seconds"
        )
    }
}
