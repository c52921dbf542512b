import Testing

@testable import GRPCTransport

@Suite("A client on gRPC's C core and our server", .timeLimit(.minutes(1)))
struct GRPCIOClientTests {
    private struct Outcome: Decodable {
        var code: Int
        var details: String?
        var reply: Int?
        var trailers: [[String]]
    }

    @Test("Large messages pass in both directions")
    func large() async throws {
        let server = try GRPCServer.start { request in
            request.message == [UInt8](repeating: 1, count: 271_828)
                ? .message([UInt8](repeating: 2, count: 314_159)) : .status(GRPCStatus(.dataLoss))
        }
        let outcome = try await PythonPeer.client("large", port: server.port, as: Outcome.self)
        #expect(outcome.code == 0)
        #expect(outcome.reply == 314_159)
    }

    @Test("Every status arrives with its message, its details and its trailers")
    func statuses() async throws {
        let server = try GRPCServer.start { request in
            let number = Int(String(decoding: request.message, as: UTF8.self)) ?? -1
            let status = GRPCStatus(GRPCStatusCode(rawValue: number) ?? .unknown, "größer 100 % 😀", details: [0, 255])
            return status.isOK
                ? .message([1], status: status, trailers: [("x", "y")]) : .status(status, trailers: [("x", "y")])
        }
        let outcomes = try await PythonPeer.client("statuses", port: server.port, as: [Outcome].self)
        #expect(outcomes.map(\.code) == Array(0...16))
        for outcome in outcomes {
            // The C core drops the message of an OK status.
            #expect(outcome.details == (outcome.code == 0 ? "" : "größer 100 % 😀"))
            #expect(outcome.trailers.contains(["x", "y"]))
            #expect(outcome.trailers.contains(["grpc-status-details-bin", "00ff"]))
        }
    }

    @Test("Metadata and the time limit arrive")
    func metadata() async throws {
        let server = try GRPCServer.start { request in
            let fields = request.metadata.map { "\($0.name)=\($0.value)" }
            let isRight = fields.contains("x-text=v?l") && fields.contains("x-raw-bin=AP8") && request.timeout != nil
            return isRight ? .message([]) : .status(GRPCStatus(.dataLoss, "\(fields)"))
        }
        let outcome = try await PythonPeer.client("metadata", port: server.port, as: Outcome.self)
        #expect(outcome.code == 0, "\(outcome.details ?? "")")
    }

    @Test("The client's deadline ends a call that is never answered")
    func deadline() async throws {
        let server = try GRPCServer.start { _ in .never }
        let outcome = try await PythonPeer.client("deadline", port: server.port, as: Outcome.self)
        #expect(outcome.code == GRPCStatusCode.deadlineExceeded.rawValue)
    }

    private struct Replies: Decodable {
        var replies: Int
    }

    @Test(
        "Two hundred concurrent calls are answered, with few streams as with many",
        arguments: [nil, 1, 7] as [UInt32?]
    )
    func many(maxConcurrentStreams: UInt32?) async throws {
        var settings = GRPCServerSettings()
        settings.http2.maxConcurrentStreams = maxConcurrentStreams
        let server = try GRPCServer.start(settings: settings) { .message($0.message) }
        #expect(try await PythonPeer.client("many", port: server.port, as: Replies.self).replies == 200)
    }

    @Test(
        "Scripted faults look to the C core as they should",
        arguments: [
            (HTTP2ErrorCode.refusedStream, GRPCStatusCode.unavailable), (.enhanceYourCalm, .resourceExhausted),
            (.cancel, .cancelled),
        ]
    )
    func resets(error: HTTP2ErrorCode, expected: GRPCStatusCode) async throws {
        let server = try GRPCServer.start { _ in .reset(error.rawValue) }
        let outcome = try await PythonPeer.client("/test.Peer/Any", port: server.port, as: Outcome.self)
        #expect(outcome.code == expected.rawValue)
    }

    @Test("A dropped connection is UNAVAILABLE to the C core")
    func dropped() async throws {
        let server = try GRPCServer.start { _ in .dropConnection }
        let outcome = try await PythonPeer.client("/test.Peer/Any", port: server.port, as: Outcome.self)
        #expect(outcome.code == GRPCStatusCode.unavailable.rawValue)
    }
}
