import FoundationEssentials
import Testing

@testable import GRPCTransport

@Suite("Our client and a server on gRPC's C core", .timeLimit(.minutes(1)))
struct GRPCIOServerTests {
    private func call(
        _ client: GRPCClient,
        _ method: String,
        _ text: String,
        timeout: Duration? = .seconds(50)
    ) async -> GRPCResponse {
        await client.unary(path: "/test.Peer/\(method)", message: Array(text.utf8)[...], timeout: timeout)
    }

    @Test("Empty and large messages pass in both directions")
    func sizes() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            #expect(await client.echo([]).message == [])
            let sent = (0..<271_828).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect(await client.echo(sent).message == sent)
            #expect(await call(client, "Big", "314159").message == [UInt8](repeating: 0x5A, count: 314_159))
            #expect(await call(client, "Big", "4194304").message?.count == 4_194_304)
            #expect(await call(client, "Big", "4194305").status.code == .resourceExhausted)
            let huge = [UInt8](repeating: 3, count: 4_000_000)
            #expect(await client.echo(huge).message == huge)
        }
        withExtendedLifetime(peer) {}
    }

    @Test("gzip passes in both directions, and what it makes larger goes as it is")
    func compression() async throws {
        let (peer, target) = try await PythonPeer.server()
        var settings = GRPCClientSettings(target: target, userAgent: "grpc-transport-tests/1")
        settings.compression = .gzip
        try await GRPCClient.with(settings) { client in
            let random = (0..<1_000).map { _ in UInt8.random(in: 0...255) }
            let repeated = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 >> 4) }
            for message in [[], [1], random, repeated] {
                #expect(await client.echo(message).message == message)
                let response = await client.unary(path: "/test.Peer/Compressed", message: message[...], timeout: nil)
                #expect(response.message == message, "\(response.status)")
                #expect(response.initialMetadata.contains { $0.name == "x-initial" && $0.value == "i" })
            }
        }
        withExtendedLifetime(peer) {}
    }

    @Test("Every status arrives with its message, whatever the script, and its details")
    func statuses() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            for code in GRPCStatusCode.allCases {
                let wish = """
                    {"code": \(code.rawValue), "message": "größer 100 % 😀 \\n\\t", "trailers":
                    [["grpc-status-details-bin", [0, 255, 7]], ["x-text", "t"], ["x-raw-bin", [1, 2]]]}
                    """
                let response = await call(client, "Status", wish)
                #expect(response.status == GRPCStatus(code, "größer 100 % 😀 \n\t", details: [0, 255, 7]))
                let trailers = Dictionary(response.trailers.map { ($0.name, $0.value) }) { first, _ in first }
                #expect(trailers["x-text"] == "t")
                #expect(trailers["x-raw-bin"].flatMap(GRPCMetadata.binaryValue) == [1, 2])
            }
        }
        withExtendedLifetime(peer) {}
    }

    private struct Seen: Decodable {
        var metadata: [[String]]
        var limited: Bool
    }

    @Test("Metadata, user agent and time limit arrive")
    func metadata() async throws {
        let (peer, target) = try await PythonPeer.server()
        let metadata = [
            (name: "X-Text", value: "a, b"), (name: "x-raw-bin", value: "AP8"), (name: "x-empty", value: ""),
        ]
        try await GRPCClient.with(target, metadata: metadata) { client in
            for timeout in [Duration.seconds(50), nil] {
                let response = await call(client, "Metadata", "", timeout: timeout)
                let seen = try JSONDecoder().decode(Seen.self, from: Data(try #require(response.message)))
                let expected = [
                    ["user-agent", "grpc-transport-tests/1"], ["x-text", "a, b"], ["x-raw-bin", "00ff"],
                    ["x-empty", ""],
                ]
                for field in expected { #expect(seen.metadata.contains(field), "\(seen.metadata)") }
                #expect(seen.limited == (timeout != nil))
            }
        }
        withExtendedLifetime(peer) {}
    }

    @Test("A method that does not exist is UNIMPLEMENTED")
    func unimplemented() async throws {
        let (peer, target) = try await PythonPeer.server()
        let response = try await GRPCClient.with(target) { await call($0, "Nothing", "") }
        #expect(response.status.code == .unimplemented)
        withExtendedLifetime(peer) {}
    }

    @Test("A server that sleeps costs no more than the deadline")
    func deadline() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            #expect(await call(client, "Never", "", timeout: .milliseconds(100)).status.code == .deadlineExceeded)
            #expect(await client.echo().status == .ok)
        }
        withExtendedLifetime(peer) {}
    }

    @Test("A hundred calls are under way at once")
    func concurrent() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            await withTaskGroup { group in
                for _ in 0..<100 { group.addTask { await call(client, "Meet", "100") } }
                for await response in group { #expect(response.status == .ok) }
            }
        }
        withExtendedLifetime(peer) {}
    }

    @Test("A server that allows one stream gets one call after the other, and none is lost")
    func oneStream() async throws {
        let (peer, target) = try await PythonPeer.server(maxStreams: 1)
        try await GRPCClient.with(target) { client in
            #expect(await client.echo().status == .ok)
            await withTaskGroup { group in
                for number in UInt8(0)..<50 { group.addTask { (number, await client.echo([number])) } }
                for await (number, response) in group {
                    #expect(response.message == [number], "\(response.status)")
                }
            }
        }
        withExtendedLifetime(peer) {}
    }

    @Test("A server that allows one stream may be stormed before it has said so")
    func stormOnOneStream() async throws {
        let (peer, target) = try await PythonPeer.server(maxStreams: 1)
        try await GRPCClient.with(target) { client in
            await withTaskGroup { group in
                for number in UInt8(0)..<50 { group.addTask { (number, await client.echo([number])) } }
                for await (number, response) in group {
                    #expect(response.message == [number], "\(response.status)")
                }
            }
        }
        withExtendedLifetime(peer) {}
    }

    @Test("A server that is killed in the middle of a call makes it UNAVAILABLE, and is found again when it is back")
    func killed() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            #expect(await client.echo().status == .ok)
            async let lost = call(client, "Never", "")
            async let met = call(client, "Meet", "1")
            #expect(await met.status == .ok)
            peer.kill()
            let response = await lost
            #expect(response.status.code == .unavailable)
            #expect(response.status.message.contains("\(target)"))
            #expect(await client.echo().status.message == "cannot connect to \(target): Connection refused")
            let (second, _) = try await PythonPeer.server(port: target.port)
            client.resetConnectBackoff()
            #expect(await client.echo().status == .ok)
            withExtendedLifetime(second) {}
        }
    }
}
