import CollectorTestKit
import FoundationEssentials
import Testing

@testable import GRPCTransport

@Suite("Unix sockets", .timeLimit(.minutes(1)))
struct UnixTargetTests {
    /// A place for a socket's file, deleted with its last reference.
    private final class Place {
        let path: String

        init() { path = FileManager.default.temporaryDirectory.path + "/otel-\(UInt64.random(in: 0...(.max))).sock" }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private struct Seen: Decodable {
        var metadata: [[String]]
    }

    @Test("A server on gRPC's C core is reached by its path", arguments: ["unix:", "unix://"])
    func path(scheme: String) async throws {
        let place = Place()
        let (peer, _) = try await PythonPeer.server(options: ["--address", "unix:\(place.path)"])
        let target = try GRPCTarget(parsing: scheme + place.path)
        try await GRPCClient.with(target) { client in
            let message = [UInt8](repeating: 7, count: 1_000_000)
            #expect(await client.echo(message).message == message)
        }
        withExtendedLifetime((peer, place)) {}
    }

    @Test("An abstract name is reached too")
    func abstract() async throws {
        let name = "otel-\(UInt64.random(in: 0...(.max)))"
        let (peer, _) = try await PythonPeer.server(options: ["--address", "unix-abstract:\(name)"])
        let response = try await GRPCClient.with(GRPCTarget(parsing: "unix-abstract:\(name)")) { await $0.echo() }
        #expect(response.status == .ok)
        withExtendedLifetime(peer) {}
    }

    @Test("TLS over a Unix socket asks for a certificate of localhost")
    func encrypted() async throws {
        let place = Place()
        let certificates = try TestCertificates.shared()
        let files = ["--certificate", certificates.path("server.pem"), "--key", certificates.path("server.key")]
        let (peer, _) = try await PythonPeer.server(options: ["--address", "unix:\(place.path)"] + files)
        var settings = GRPCClientSettings(target: try GRPCTarget(parsing: "unix:\(place.path)"), userAgent: "tests")
        settings.tls = certificates.client()
        #expect(try await GRPCClient.with(settings) { await $0.echo() }.status == .ok)
        withExtendedLifetime((peer, place)) {}
    }

    @Test("A socket that is not there, or that nobody serves, is named with the reason")
    func nobody() async throws {
        let place = Place()
        let target = try GRPCTarget(parsing: "unix:\(place.path)")
        let missing = try await GRPCClient.with(target) { await $0.echo() }
        #expect(missing.status.code == .unavailable)
        #expect(missing.status.message == "cannot connect to unix:\(place.path): No such file or directory")
        try Data().write(to: URL(filePath: place.path))
        let refused = try await GRPCClient.with(target) { await $0.echo() }
        #expect(refused.status.message == "cannot connect to unix:\(place.path): Connection refused")
    }
}
