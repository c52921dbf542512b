import CollectorTestKit
import FoundationEssentials
import Glibc
import Testing

@testable import GRPCTransport

@Suite("What a peer may do wrong, in TLS", .timeLimit(.minutes(1)))
struct TLSFaultTests {
    private func settings(_ port: UInt16, host: String = "localhost") throws -> GRPCClientSettings {
        var settings = GRPCClientSettings(target: GRPCTarget(host: host, port: port), userAgent: "tests")
        settings.tls = try TestCertificates.shared().client()
        return settings
    }

    private func call(
        _ port: UInt16,
        host: String = "localhost",
        timeout: Duration? = .seconds(50)
    ) async throws -> GRPCStatus {
        try await GRPCClient.with(settings(port, host: host)) { await $0.echo(timeout: timeout).status }
    }

    private struct Seen: Decodable {
        var version: String?
        var `protocol`: String?
        var error: String?
        var name: String?
    }

    /// A server of Python's ssl module, and what it saw of one call.
    private func handshake(_ options: [String], host: String) async throws -> (status: GRPCStatus, seen: Seen) {
        let certificates = try TestCertificates.shared()
        let files = ["--certificate", certificates.path("server.pem"), "--key", certificates.path("server.key")]
        let peer = try PythonPeer(["tls"] + files + options)
        let port = try #require(UInt16(try await peer.line()))
        let status = try await call(port, host: host)
        return (status, try JSONDecoder().decode(Seen.self, from: Data(try await peer.line().utf8)))
    }

    @Test("A name is announced to the server, an address is not", arguments: ["localhost", "127.0.0.1"])
    func serverName(host: String) async throws {
        let (_, seen) = try await handshake(["--protocols", "h2"], host: host)
        #expect(seen.name == (host == "localhost" ? "localhost" : nil))
        #expect(seen.version == "TLSv1.3")
        #expect(seen.protocol == "h2")
    }

    @Test("TLS 1.2 is taken")
    func version12() async throws {
        let (status, seen) = try await handshake(["--protocols", "h2", "--newest", "1.2"], host: "localhost")
        #expect(seen.version == "TLSv1.2")
        #expect(status.code == .unavailable)
        // A close with unread bytes is a reset for TCP, and which of the two comes first is a race.
        #expect(status.message.contains("closed the connection") || status.message.contains("broke the connection"))
    }

    @Test("TLS 1.1 is not")
    func version11() async throws {
        let (status, seen) = try await handshake(["--protocols", "h2", "--newest", "1.1"], host: "localhost")
        #expect(seen.error != nil)
        #expect(status.code == .unavailable)
        #expect(status.message.contains("the peer has neither TLS 1.2 nor 1.3"), "\(status)")
    }

    @Test("A server that does not choose HTTP/2 is not taken", arguments: [[], ["--protocols", "http/1.1"]])
    func noHTTP2(options: [String]) async throws {
        let (status, _) = try await handshake(options, host: "localhost")
        #expect(status.code == .unavailable)
        #expect(status.message.contains("the peer does not choose HTTP/2 (ALPN h2)"), "\(status)")
    }

    @Test("A peer that is silent in the handshake costs no more than the deadline")
    func silent() async throws {
        let peer = try RawPeer(RawPeer.drain)
        let status = try await call(peer.port, timeout: .milliseconds(100))
        #expect(status.code == .deadlineExceeded)
    }

    @Test("Closing the client does not wait for a handshake")
    func closing() async throws {
        let arrived = Signal()
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            arrived.fire()
            RawPeer.drain(connection)
        }
        let client = GRPCClient(try settings(peer.port))
        async let response = client.echo(timeout: nil)
        await arrived.wait()
        await client.close()
        #expect(await response.status.code == .cancelled)
    }

    @Test(
        "A peer that speaks something else, or breaks off, makes calls UNAVAILABLE with the reason",
        arguments: [
            (Array("HTTP/1.1 400 Bad\r\n\r\n".utf8), "speak TLS: it sent 'HTTP/'; a cleartext port wants http://"),
            ([], "closed the connection without a word of TLS; a cleartext port wants http://"),
            ([0x16, 3, 3], "closed the connection in the middle of the TLS handshake"),
            ([0x16, 3, 3, 0, 2], "closed the connection in the middle of the TLS handshake"),
            ([0x16, 3, 3, 0, 0], "closed the connection in the middle of the TLS handshake"),
            ([0x16, 3, 3, 0, 1, 0x63], "closed the connection in the middle of the TLS handshake"),
            ([0x16, 3, 3, 0, 4, 0x63, 0, 0, 0], "TLS failed: "),
            ([0x16, 3, 3, 0xFF, 0xFF], "TLS failed: "),
            ([0x15, 3, 3, 0, 2, 2, 40], "the peer refuses the handshake"),
        ] as [([UInt8], String)]
    )
    func broken(answer: [UInt8], reason: String) async throws {
        let peer = try RawPeer { connection in
            RawPeer.readOnce(connection)
            RawPeer.send(answer, connection)
        }
        let status = try await call(peer.port)
        #expect(status.code == .unavailable)
        #expect(status.message.contains(reason), "\(status)")
    }

    @Test("A peer that closes without reading makes calls UNAVAILABLE")
    func closes() async throws {
        let peer = try RawPeer { _ in }
        #expect(try await call(peer.port).code == .unavailable)
    }

    /// What one end of a relay has is sent to the other end in single bytes.
    private static func relay(_ one: Int32, _ other: Int32) {
        var polled = [one, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&polled, 2, -1) > 0 {
            for (from, to) in [(0, other), (1, one)] where polled[from].revents != 0 {
                var bytes = [UInt8](repeating: 0, count: 4_096)
                let count = read(polled[from].fd, &bytes, bytes.count)
                guard count > 0 else { return }
                for byte in bytes[..<count] { RawPeer.send([byte], to) }
            }
        }
    }

    @Test("A connection that brings one byte at a time is as good as any other", arguments: [false, true])
    func singleBytes(isMutual: Bool) async throws {
        let certificates = try TestCertificates.shared()
        var serverSettings = GRPCServerSettings()
        serverSettings.tls = certificates.server(clientAuthorities: isMutual ? "authority" : nil)
        let server = try GRPCServer.start(settings: serverSettings) { .message($0.message) }
        let address = try #require(
            try SocketAddress.resolve(GRPCTarget(host: "127.0.0.1", port: server.port), numericOnly: true).first
        )
        let relay = try RawPeer { connection in
            guard let socket = try? Socket.connecting(to: address), fcntl(socket.descriptor, F_SETFL, 0) == 0 else {
                return
            }
            Self.relay(connection, socket.descriptor)
        }
        var settings = try settings(relay.port)
        settings.tls = certificates.client(showing: isMutual ? "client" : nil)
        let message = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
        let response = try await GRPCClient.with(settings) { await $0.echo(message) }
        #expect(response.message == message, "\(response.status)")
    }

    @Test("Many large calls at once share one connection, and both windows are obeyed")
    func manyCalls() async throws {
        var settings = GRPCServerSettings()
        settings.tls = try TestCertificates.shared().server()
        let server = try GRPCServer.start(settings: settings) { .message($0.message) }
        let sent = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try await GRPCClient.with(self.settings(server.port)) { client in
            await withTaskGroup { group in
                for _ in 0..<16 { group.addTask { await client.echo(sent).message == sent } }
                for await isRight in group { #expect(isRight) }
            }
        }
        #expect(server.acceptedConnections == 1)
    }

    /// A server of TLS 1.2 that sends `text` in one piece with its last word of the handshake.
    private static func serve12(_ connection: Int32, _ context: TLSContext, _ text: [UInt8]) throws {
        let session = try TLSSession(server: context)
        while !session.isEstablished {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(connection, &bytes, bytes.count)
            guard count > 0 else { return }
            try bytes[..<count].withUnsafeBytes { try session.receive($0) }
            if try session.handshake() { try TLSPair.encrypt(text, with: session) }
            session.sendOutput {
                RawPeer.send(Array($0), connection)
                return $0.count
            }
        }
        RawPeer.drain(connection)
    }

    @Test("What comes in one piece with the end of the handshake is not forgotten")
    func early() throws {
        let certificates = try TestCertificates.shared()
        let context = try TLSContext(server: certificates.server())
        let setNewestVersion: Int32 = 124  // SSL_CTRL_SET_MAX_PROTO_VERSION
        _ = context.openSSL.controlContext(context.pointer, setNewestVersion, OpenSSLConstant.version12, nil)
        let peer = try RawPeer { try? Self.serve12($0, context, Array("early".utf8)) }
        let address = try SocketAddress.resolve(peer.target, numericOnly: true)
        let session = try TLSSession(client: TLSContext(client: certificates.client()), serverName: "localhost")
        let stream = TLSStream(session, over: try Socket.connecting(to: try #require(address.first)))
        func wait(for interest: PollSet.Interest) {
            var polls = PollSet()
            polls.add(stream.descriptor, interest)
            polls.wait(until: nil)
        }
        wait(for: .writing)
        handshake: while true {
            switch stream.handshake() {
            case .complete: break handshake
            case .waiting(let interest): wait(for: interest)
            case .failed(let reason): throw TLSFailure(reason)
            }
        }
        #expect(session.version == "TLSv1.2")
        wait(for: .reading)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        #expect(bytes.withUnsafeMutableBytes { stream.read(into: $0) } == .bytes(5))
        #expect(bytes.starts(with: "early".utf8))
    }

    @Test("A silent client does not keep our server from serving another")
    func silentClient() async throws {
        var settings = GRPCServerSettings()
        settings.tls = try TestCertificates.shared().server()
        let server = try GRPCServer.start(settings: settings) { .message($0.message) }
        let address = try SocketAddress.resolve(GRPCTarget(host: "127.0.0.1", port: server.port), numericOnly: true)
        let silent = try Socket.connecting(to: try #require(address.first))
        #expect(try await call(server.port) == .ok)
        withExtendedLifetime(silent) {}
    }

    @Test("A server's certificate that cannot be used is named at the start")
    func serverFiles() throws {
        var settings = GRPCServerSettings()
        settings.tls = TLSServerSettings(certificateFile: "/no/such/file", keyFile: "/no/such/key")
        let error = #expect(throws: GRPCConfigurationError.self) {
            try GRPCServer.start(settings: settings) { .message($0.message) }
        }
        #expect(error?.code == .invalidCertificate)
        #expect(error?.message.contains("/no/such/file cannot be read") == true)
    }
}
