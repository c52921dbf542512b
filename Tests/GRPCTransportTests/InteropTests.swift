import CollectorTestKit
import Testing

@testable import GRPCTransport

/// The cases of grpc `doc/interop-test-descriptions.md` that a unary client has, by their names, against gRPC's C core.
///
/// `timeout_on_sleeping_server` is a stream there and one call here.
@Suite("gRPC's interop cases for unary calls", .timeLimit(.minutes(1)))
struct InteropTests {
    /// `SimpleRequest` of grpc's messages.proto, encoded by hand: the receiver's classes are not ours.
    private struct SimpleRequest {
        var responseSize = 314_159
        var payload = [UInt8](repeating: 0, count: 271_828)
        var isResponseCompressed = false
        var status: (code: Int, message: String)?

        var encoded: [UInt8] {
            var bytes = [0x10] + Self.varint(responseSize) + Self.field(3, Self.field(2, payload))
            if isResponseCompressed { bytes += Self.field(6, [0x08, 1]) }
            if let status {
                bytes += Self.field(7, [0x08] + Self.varint(status.code) + Self.field(2, Array(status.message.utf8)))
            }
            return bytes
        }

        static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
            [number << 3 | 2] + varint(bytes.count) + bytes
        }

        static func varint(_ value: Int) -> [UInt8] {
            value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
        }

        /// `SimpleResponse` with so many bytes of zeros.
        static func response(_ size: Int) -> [UInt8] { field(1, field(2, [UInt8](repeating: 0, count: size))) }
    }

    private func call(
        _ request: SimpleRequest = SimpleRequest(),
        service: String = "TestService",
        method: String = "UnaryCall",
        message: [UInt8]? = nil,
        _ change: (inout GRPCClientSettings) -> Void = { _ in }
    ) async throws -> GRPCResponse {
        let (peer, target) = try await PythonPeer.server()
        defer { withExtendedLifetime(peer) {} }
        var settings = GRPCClientSettings(target: target, userAgent: "grpc-transport-tests/1")
        change(&settings)
        let path = "/grpc.testing.\(service)/\(method)"
        let bytes = message ?? request.encoded
        return try await GRPCClient.with(settings) {
            await $0.unary(path: path, message: bytes[...], timeout: .seconds(50))
        }
    }

    @Test("empty_unary")
    func emptyUnary() async throws {
        let response = try await call(method: "EmptyCall", message: [])
        #expect(response.status == .ok && response.message == [])
    }

    @Test("large_unary: 271,828 bytes up, 314,159 down")
    func largeUnary() async throws {
        let response = try await call()
        let isRight = response.message == SimpleRequest.response(314_159)
        #expect(isRight, "\(response.status)")
    }

    @Test("client_compressed_unary: a message that shrinks and one that does not", arguments: [true, false])
    func clientCompressedUnary(shrinks: Bool) async throws {
        var request = SimpleRequest()
        var generator = SystemRandomNumberGenerator()
        if !shrinks { request.payload = (0..<271_828).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        let response = try await call(request) { $0.compression = .gzip }
        let isRight = response.message == SimpleRequest.response(314_159)
        #expect(isRight, "\(response.status)")
    }

    @Test("server_compressed_unary", arguments: [true, false])
    func serverCompressedUnary(isCompressed: Bool) async throws {
        let response = try await call(SimpleRequest(isResponseCompressed: isCompressed))
        let isRight = response.message == SimpleRequest.response(314_159)
        #expect(isRight, "\(response.status)")
    }

    @Test("status_code_and_message")
    func statusCodeAndMessage() async throws {
        let response = try await call(SimpleRequest(payload: [], status: (2, "test status message")))
        #expect(response.status == GRPCStatus(.unknown, "test status message"))
    }

    @Test("special_status_message")
    func specialStatusMessage() async throws {
        let message = "\t\ntest with whitespace\r\nand Unicode BMP \u{263A} and non-BMP \u{1F608}\t\n"
        let response = try await call(SimpleRequest(payload: [], status: (2, message)))
        #expect(response.status == GRPCStatus(.unknown, message))
    }

    @Test("unimplemented_method")
    func unimplementedMethod() async throws {
        #expect(try await call(method: "UnimplementedCall", message: []).status.code == .unimplemented)
    }

    @Test("unimplemented_service")
    func unimplementedService() async throws {
        let response = try await call(service: "UnimplementedService", method: "UnimplementedCall", message: [])
        #expect(response.status.code == .unimplemented)
    }

    @Test("timeout_on_sleeping_server")
    func timeoutOnSleepingServer() async throws {
        let (peer, target) = try await PythonPeer.server()
        try await GRPCClient.with(target) { client in
            let response = await client.unary(path: "/test.Peer/Never", message: [], timeout: .milliseconds(1))
            #expect(response.status.code == .deadlineExceeded)
        }
        withExtendedLifetime(peer) {}
    }

    @Test("custom_metadata")
    func customMetadata() async throws {
        let response = try await call {
            $0.metadata = [
                ("x-grpc-test-echo-initial", "test_initial_metadata_value"),
                ("x-grpc-test-echo-trailing-bin", "q6ur"),
            ]
        }
        #expect(
            response.initialMetadata.contains {
                $0.name == "x-grpc-test-echo-initial" && $0.value == "test_initial_metadata_value"
            }
        )
        let trailing = response.trailers.first { $0.name == "x-grpc-test-echo-trailing-bin" }?.value
        #expect(trailing.flatMap(GRPCMetadata.binaryValue) == [0xAB, 0xAB, 0xAB])
    }
}
