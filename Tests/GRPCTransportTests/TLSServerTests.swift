import CollectorTestKit
import FoundationEssentials
import Testing

@testable import GRPCTransport

@Suite("Our client, TLS and a server on gRPC's C core", .timeLimit(.minutes(1)))
struct TLSServerTests {
    /// A server with a certificate, and a way to call it once.
    private struct Scene {
        let certificates: TestCertificates
        let peer: PythonPeer
        let target: GRPCTarget

        init(certificate: String = "server", address: String? = nil, clientAuthorities: String? = nil) async throws {
            certificates = try TestCertificates.shared()
            var options = [
                "--certificate", certificates.path("\(certificate).pem"), "--key", certificates.path("server.key"),
            ]
            if let address { options += ["--address", address] }
            if let clientAuthorities {
                options += ["--client-authorities", certificates.path("\(clientAuthorities).pem")]
            }
            (peer, target) = try await PythonPeer.server(options: options)
        }

        func echo(
            _ message: [UInt8] = [1, 2, 3],
            host: String = "localhost",
            tls: TLSSettings? = nil
        ) async throws -> GRPCResponse {
            var settings = GRPCClientSettings(target: GRPCTarget(host: host, port: target.port), userAgent: "tests")
            settings.tls = tls ?? certificates.client()
            return try await GRPCClient.with(settings) { await $0.echo(message) }
        }
    }

    @Test("Small and large messages pass, by name and by address", arguments: ["localhost", "127.0.0.1"])
    func passes(host: String) async throws {
        let scene = try await Scene()
        for count in [0, 3, 4_194_304] {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            let response = try await scene.echo(message, host: host)
            #expect(response.status == .ok)
            #expect(response.message == message)
        }
    }

    @Test("An IPv6 address is looked for in the certificate as an address")
    func ipv6() async throws {
        let scene = try await Scene(address: "[::1]:0")
        #expect(try await scene.echo(host: "::1").status == .ok)
    }

    @Test(
        "A certificate that is not to be trusted makes calls UNAVAILABLE, with the reason",
        arguments: [
            ("wrong-name", "is not for localhost"), ("expired", "has expired"),
            ("other-server", "is of an unknown authority"), ("self-signed", "is self-signed"),
        ]
    )
    func untrusted(certificate: String, reason: String) async throws {
        let scene = try await Scene(certificate: certificate)
        let response = try await scene.echo()
        #expect(response.status.code == .unavailable)
        #expect(response.isProvablyUnprocessed)
        let start = "cannot connect to localhost:\(scene.target.port): the certificate of localhost \(reason)"
        #expect(response.status.message.hasPrefix(start), "\(response.status)")
    }

    @Test("Without a file the system's authorities are trusted, and the tests' one is not among them")
    func systemAuthorities() async throws {
        let response = try await Scene().echo(tls: TLSSettings())
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("is of an unknown authority"), "\(response.status)")
    }

    @Test("Mutual TLS lets the right client in")
    func mutual() async throws {
        let scene = try await Scene(clientAuthorities: "authority")
        #expect(try await scene.echo(tls: scene.certificates.client(showing: "client")).status == .ok)
    }

    @Test("A client that shows no certificate, or a wrong one, is UNAVAILABLE", arguments: [nil, "other-client"])
    func clientRefused(certificate: String?) async throws {
        let scene = try await Scene(clientAuthorities: "authority")
        let response = try await scene.echo(tls: scene.certificates.client(showing: certificate))
        #expect(response.status.code == .unavailable)
        let reasons = ["wants a client certificate", "does not accept our certificate", "closed the connection"]
        #expect(reasons.contains(where: response.status.message.contains), "\(response.status)")
    }

    @Test("Files that cannot be used make calls UNAVAILABLE, and name the file")
    func files() async throws {
        let scene = try await Scene()
        let response = try await scene.echo(tls: TLSSettings(certificateFile: "/no/such/file"))
        #expect(response.status.code == .unavailable)
        let reason = "the file of trusted certificates /no/such/file cannot be read: No such file or directory"
        #expect(response.status.message == "cannot connect to localhost:\(scene.target.port): \(reason)")
    }

    @Test("Cleartext to a TLS port says that the port may want TLS")
    func cleartextClient() async throws {
        let scene = try await Scene()
        let response = try await GRPCClient.with(scene.target) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.hasSuffix("; a port with TLS wants https://"), "\(response.status)")
        let alerting = try RawPeer { connection in
            RawPeer.readOnce(connection)
            RawPeer.send([0x15, 3, 1, 0, 2, 2, 70], connection)
        }
        let alerted = try await GRPCClient.with(alerting.target) { await $0.echo() }
        #expect(alerted.status.message.hasSuffix("answered with TLS, so it wants https://"), "\(alerted.status)")
    }

    @Test("TLS to a cleartext port says that the port wants none")
    func cleartextServer() async throws {
        let (peer, target) = try await PythonPeer.server()
        var settings = GRPCClientSettings(target: target, userAgent: "tests")
        settings.tls = try TestCertificates.shared().client()
        let response = try await GRPCClient.with(settings) { await $0.echo() }
        #expect(response.status.code == .unavailable)
        #expect(response.status.message.contains("http://"), "\(response.status)")
        withExtendedLifetime(peer) {}
    }

    @Test("A client on gRPC's C core calls our server over TLS, mutual too", arguments: [false, true])
    func ourServer(isMutual: Bool) async throws {
        struct Outcome: Decodable {
            var code: Int
            var reply: Int?
        }
        let certificates = try TestCertificates.shared()
        var settings = GRPCServerSettings()
        settings.tls = certificates.server(clientAuthorities: isMutual ? "authority" : nil)
        let server = try GRPCServer.start(settings: settings) { .message($0.message) }
        var options = ["--authorities", certificates.path("authority.pem")]
        if isMutual {
            options += ["--certificate", certificates.path("client.pem"), "--key", certificates.path("client.key")]
        }
        let outcome = try await PythonPeer.client("large", port: server.port, options: options, as: Outcome.self)
        #expect(outcome.code == 0)
        #expect(outcome.reply == 271_828)
    }
}
