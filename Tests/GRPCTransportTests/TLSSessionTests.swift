import CollectorTestKit
import Testing

@testable import GRPCTransport

@Suite("Two TLS sessions with no network between them")
struct TLSSessionTests {
    private func certificates() throws -> TestCertificates { try TestCertificates.shared() }

    @Test("Bytes pass both ways, in any pieces", arguments: [0, 1, 7])
    func passes(pieces: Int) throws {
        let pair = try TLSPair()
        try pair.shakeHands(pieces: pieces)
        #expect(pair.client.version == "TLSv1.3")
        try TLSPair.encrypt(Array("to the server".utf8), with: pair.client)
        try TLSPair.carry(from: pair.client, to: pair.server, pieces: pieces)
        #expect(try TLSPair.plaintext(of: pair.server) == Array("to the server".utf8))
        try TLSPair.encrypt(Array("to the client".utf8), with: pair.server)
        try TLSPair.carry(from: pair.server, to: pair.client, pieces: pieces)
        #expect(try TLSPair.plaintext(of: pair.client) == Array("to the client".utf8))
    }

    @Test("Large bodies fill their records")
    func records() throws {
        let pair = try TLSPair()
        try pair.shakeHands()
        let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try TLSPair.encrypt(body, with: pair.client)
        let ciphertext = try TLSPair.carry(from: pair.client, to: pair.server)
        var records: [Int] = []
        var place = 0
        while place + 5 <= ciphertext.count {
            let size = Int(ciphertext[place + 3]) << 8 | Int(ciphertext[place + 4])
            records.append(size)
            place += 5 + size
        }
        #expect(place == ciphertext.count)
        #expect(records.count == 13 && records.dropLast().allSatisfy { $0 >= 16_384 })
        #expect(try TLSPair.plaintext(of: pair.server) == body)
    }

    @Test("A goodbye is heard")
    func goodbye() throws {
        let pair = try TLSPair()
        try pair.shakeHands()
        pair.client.close()
        try TLSPair.carry(from: pair.client, to: pair.server)
        var buffer: [UInt8] = [0]
        #expect(try buffer.withUnsafeMutableBytes { try pair.server.decrypt(into: $0) } == .closed)
    }

    @Test("Ciphertext that was tampered with is refused")
    func tampered() throws {
        let pair = try TLSPair()
        try pair.shakeHands()
        try TLSPair.encrypt([1, 2, 3], with: pair.client)
        var bytes: [UInt8] = []
        pair.client.sendOutput {
            bytes = Array($0)
            return $0.count
        }
        bytes[bytes.count - 1] ^= 1
        try bytes.withUnsafeBytes { try pair.server.receive($0) }
        #expect(throws: TLSFailure.self) { try TLSPair.plaintext(of: pair.server) }
    }

    @Test(
        "A certificate is for its names and addresses, however they are written",
        arguments: ["localhost", "LocalHost", "localhost.", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1", "::1%lo"]
    )
    func rightName(name: String) throws {
        let pair = try TLSPair(client: certificates().client(), server: certificates().server(), name: name)
        try pair.shakeHands()
    }

    @Test(
        "A certificate that is not to be trusted ends the handshake, and both sides know why",
        arguments: [
            ("server", "authority", "collector.example", "is not for collector.example (hostname mismatch)"),
            ("server", "authority", "127.0.0.2", "is not for 127.0.0.2 (IP address mismatch)"),
            ("wrong-name", "authority", "localhost", "is not for localhost (hostname mismatch)"),
            ("expired", "authority", "localhost", "has expired (certificate has expired)"),
            ("future", "authority", "localhost", "is not valid yet; is the clock of this machine right?"),
            ("other-server", "authority", "localhost", "is of an unknown authority; give the authority's file"),
            ("self-signed", "authority", "localhost", "is self-signed and not among the trusted ones"),
        ]
    )
    func untrusted(certificate: String, authority: String, name: String, reason: String) throws {
        let pair = try TLSPair(
            client: certificates().client(trusting: authority),
            server: certificates().server(certificate),
            name: name
        )
        let failure = #expect(throws: TLSFailure.self) { try pair.shakeHands() }
        #expect(failure?.reason.hasPrefix("the certificate of \(name) \(reason)") == true, "\(failure as Any)")
        let told = #expect(throws: TLSFailure.self) { try TLSPair.carry(from: pair.client, to: pair.server) }
        #expect(told?.reason.contains(" alert ") == true)
    }

    @Test(
        "What is trusted may be a root, an authority below it, or the server's own certificate",
        arguments: [
            ("chained", "authority"), ("chained", "issuing"), ("self-signed", "self-signed"), ("server", "server"),
        ]
    )
    func anchors(certificate: String, trusted: String) throws {
        let pair = try TLSPair(
            client: certificates().client(trusting: trusted),
            server: certificates().server(certificate)
        )
        try pair.shakeHands()
    }

    @Test("Mutual TLS lets a client in that shows the right certificate")
    func mutual() throws {
        let pair = try TLSPair(
            client: certificates().client(showing: "client"),
            server: certificates().server(clientAuthorities: "authority")
        )
        try pair.shakeHands()
    }

    @Test(
        "A client without the right certificate is told so, though its own handshake was complete",
        arguments: [
            (nil, "the peer wants a client certificate, and none was given (tlsv13 alert certificate required)"),
            ("other-client", "the peer does not accept our certificate (tlsv1 alert unknown ca)"),
        ] as [(String?, String)]
    )
    func clientRefused(certificate: String?, reason: String) throws {
        let pair = try TLSPair(
            client: certificates().client(showing: certificate),
            server: certificates().server(clientAuthorities: "authority")
        )
        #expect(throws: TLSFailure.self) { try pair.shakeHands() }
        #expect(pair.client.isEstablished)
        try TLSPair.carry(from: pair.server, to: pair.client)
        let failure = #expect(throws: TLSFailure.self) { try TLSPair.plaintext(of: pair.client) }
        #expect(failure?.reason == reason)
    }

    @Test("A server that chooses no protocol is not one of gRPC's")
    func noProtocol() throws {
        var settings = try certificates().server()
        settings.choosesHTTP2 = false
        let pair = try TLSPair(client: certificates().client(), server: settings)
        let failure = #expect(throws: TLSFailure.self) { try pair.shakeHands() }
        #expect(failure?.reason.hasPrefix("the peer does not choose HTTP/2 (ALPN h2)") == true)
    }
}
