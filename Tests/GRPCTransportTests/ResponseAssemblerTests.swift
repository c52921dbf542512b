import Testing

@testable import GRPCTransport

@Suite("From the frames of a stream to a response")
struct ResponseAssemblerTests {
    private let start = [HeaderField(":status", "200"), HeaderField("content-type", "application/grpc")]

    /// A stream with an orderly end.
    private func response(
        _ headers: [HeaderField]? = nil,
        body: [UInt8] = MessageFraming.encode([1]),
        trailers: [HeaderField],
        limit: Int = 10
    ) -> GRPCResponse {
        var assembler = ResponseAssembler(limit: limit)
        if let early = assembler.receive(headers ?? start, endsStream: false) { return early }
        if let early = assembler.receive(body) { return early }
        if let early = assembler.receive(trailers, endsStream: true) { return early }
        return assembler.endOfStream()
    }

    @Test("Headers, a message and trailers are a reply")
    func reply() {
        let response = response(trailers: [HeaderField("grpc-status", "0"), HeaderField("k", "v")])
        #expect(response.status == .ok)
        #expect(response.message == [1])
        #expect(response.trailers.map(\.name) == ["k"])
    }

    @Test("Each of the seventeen codes is read", arguments: GRPCStatusCode.allCases)
    func codes(code: GRPCStatusCode) {
        let response = response(trailers: [HeaderField("grpc-status", String(code.rawValue))])
        #expect(response.status.code == code)
    }

    @Test(
        "A status that is no code is UNKNOWN",
        arguments: ["17", "-1", "", "OK", "99999999999999999999", "00", "+0", "-0", "05", "0 "]
    )
    func unknownStatus(text: String) {
        let status = response(trailers: [HeaderField("grpc-status", text)]).status
        #expect(status == GRPCStatus(.unknown, "the peer sent the unknown grpc-status '\(text)'"))
    }

    @Test("Interim responses are skipped")
    func interim() {
        var assembler = ResponseAssembler()
        #expect(assembler.receive([HeaderField(":status", "103")], endsStream: false)?.status == nil)
        #expect(assembler.receive(start + [HeaderField("grpc-status", "5")], endsStream: true)?.status == nil)
        #expect(assembler.endOfStream().status.code == .notFound)
    }

    @Test("grpc-status counts more than the HTTP status")
    func statusOverHTTP() {
        let headers = [HeaderField(":status", "503"), HeaderField("grpc-status", "7")]
        #expect(
            response(headers, body: [], trailers: [HeaderField("grpc-status", "7")]).status.code == .permissionDenied
        )
    }

    @Test(
        "What breaks gRPC's rules in the body is INTERNAL",
        arguments: [
            [], [0, 0, 0, 0, 2, 1], [1, 0, 0, 0, 1, 1], [9, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]]
    )
    func brokenBody(body: [UInt8]) {
        let response = response(body: body, trailers: [HeaderField("grpc-status", "0")])
        #expect(response.status.code == .internal)
    }

    @Test("gzip is read if it was announced, up to the limit; what else is announced is INTERNAL")
    func compressed() throws {
        let ok = [HeaderField("grpc-status", "0")]
        func answer(_ encoding: String, _ bytes: [UInt8]) -> GRPCResponse {
            let body = MessageFraming.prefix(bytes.count, isCompressed: true) + bytes
            return response(start + [HeaderField("grpc-encoding", encoding)], body: body, trailers: ok, limit: 50)
        }
        func gzip(_ count: Int) throws -> [UInt8] {
            try #require(Gzip.compress([UInt8](repeating: 5, count: count)[...]))
        }
        #expect(answer("gzip", try gzip(50)).message == [UInt8](repeating: 5, count: 50))
        #expect(answer("gzip", try gzip(51)).status.code == .resourceExhausted)
        #expect(answer("gzip", try gzip(20_000)).status.code == .resourceExhausted)
        #expect(answer("gzip", [1, 2, 3]).status.code == .internal)
        #expect(answer("snappy", try gzip(50)).status.code == .internal)
        #expect(answer("identity", try gzip(50)).status.code == .internal)
    }

    @Test(
        "gRPC's content type may have a suffix or a parameter, and nothing else",
        arguments: [
            ("application/grpc", true), ("application/grpc+proto", true), ("application/grpc;charset=utf-8", true),
            ("Application/GRPC", true), ("application/grpc-web", false), ("text/html", false), ("", false),
        ]
    )
    func contentType(type: String, isGRPC: Bool) {
        let headers = [HeaderField(":status", "200"), HeaderField("content-type", type)]
        let response = response(headers, trailers: [HeaderField("grpc-status", "0")])
        #expect(response.status.code == (isGRPC ? .ok : .unknown))
    }

    @Test("A message over the limit is RESOURCE_EXHAUSTED")
    func tooLarge() {
        let response = response(body: [0, 0, 0, 0, 11], trailers: [HeaderField("grpc-status", "0")])
        #expect(response.status.code == .resourceExhausted)
    }

    @Test("Details that are no base64 are left out, and the status stays")
    func brokenDetails() {
        let trailers = [HeaderField("grpc-status", "14"), HeaderField("grpc-status-details-bin", "!")]
        #expect(response(body: [], trailers: trailers).status == GRPCStatus(.unavailable))
    }

    @Test(
        "HTTP statuses become gRPC codes",
        arguments: [
            (400, GRPCStatusCode.internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
            (429, .unavailable), (431, .internal), (502, .unavailable), (503, .unavailable), (504, .unavailable),
            (200, .unknown), (500, .unknown), (0, .unknown),
        ]
    )
    func httpStatuses(status: Int, code: GRPCStatusCode) {
        #expect(GRPCStatusCode(httpStatus: status) == code)
    }

    @Test("All HTTP/2 errors but four are INTERNAL", arguments: UInt32(0)...15)
    func resets(number: UInt32) {
        let others: [UInt32: GRPCStatusCode] = [
            7: .unavailable, 8: .cancelled, 11: .resourceExhausted, 12: .permissionDenied,
        ]
        #expect(GRPCStatusCode(reset: HTTP2ErrorCode(rawValue: number)) == others[number] ?? .internal)
    }

    @Test("Nothing but a SETTINGS frame begins HTTP/2, however it is cut")
    func greeting() {
        let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
        var greeting = PeerGreeting()
        for byte in settings { greeting.receive([byte]) }
        #expect(greeting.verdict == .http2)
        var http1 = PeerGreeting()
        http1.receive("HTTP/1.1 400 Bad Request\u{1B}[31m\r\nConnection: close\r\n".utf8)
        #expect(http1.verdict == .other("HTTP/1.1 400 Bad Request?[31m"))
        var short = PeerGreeting()
        short.receive("no\r\n".utf8)
        #expect(short.verdict == .needsMore)
        #expect(short.shown == "no")
    }
}
