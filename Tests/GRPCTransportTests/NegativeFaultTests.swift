import CollectorTestKit
import Testing

@testable import GRPCTransport

/// A fault of the collector, and what the client may make of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fault: Fault
    let expected: Set<GRPCStatusCode>

    init(_ name: String, _ fault: Fault, _ expected: GRPCStatusCode...) {
        testDescription = name
        self.fault = fault
        self.expected = Set(expected)
    }
}

@Suite("Peers that stretch or break the rules, frame by frame", .timeLimit(.minutes(1)))
struct NegativeFaultTests {
    /// Answers by the fault once, and properly after it.
    private func check(_ test: FaultCase, timeout: Duration = .seconds(50)) async throws {
        let collector = try Collector(faults: [test.fault, .accept])
        defer { collector.stop() }
        try await GRPCClient.with(collector.target) { client in
            let response = await client.echo(timeout: timeout)
            #expect(test.expected.contains(response.status.code), "\(response.status)")
            let next = await client.echo()
            #expect(next.status == .ok, "the next call: \(next.status)")
        }
    }

    @Test(
        "What is unusual and right is an answer",
        arguments: [
            FaultCase("one byte at a time", .oneByteAtATime, .ok),
            FaultCase("padded DATA", .paddedData, .ok),
            FaultCase("pings", .pings, .ok),
            FaultCase("unknown frames", .unknownFrames, .ok),
            FaultCase("103 Early Hints", .interimHeaders, .ok),
            FaultCase("trailers in a CONTINUATION", .continuation, .ok),
            FaultCase("GOAWAY during the answer", .goAwayDuring, .ok),
            FaultCase("GOAWAY after the answer", .goAwayAfter, .ok),
            FaultCase("GOAWAY before: sent again", .goAwayBefore, .ok),
        ]
    )
    func unusual(test: FaultCase) async throws { try await check(test) }

    @Test(
        "RST_STREAM fails the call at every stage",
        arguments: [
            FaultCase("in place of an answer", .reset(0), .internal),
            FaultCase("after headers", .resetAfterHeaders(2), .internal),
            FaultCase("during data", .resetDuringData(8), .cancelled),
            FaultCase("after data", .resetAfterData(11), .resourceExhausted),
            FaultCase("refused: sent again", .reset(7), .ok),
        ]
    )
    func resets(test: FaultCase) async throws { try await check(test) }

    @Test(
        "What is no proper answer of gRPC becomes the status that gRPC says",
        arguments: [
            FaultCase("no grpc-status", .missingStatus, .unknown),
            FaultCase("grpc-status 99", .statusText("99"), .unknown),
            FaultCase("grpc-status x", .statusText("x"), .unknown),
            FaultCase("grpc-status -1", .statusText("-1"), .unknown),
            FaultCase("empty grpc-status", .statusText(""), .unknown),
            FaultCase("broken percent-encoding", .rawStatus(message: "100%zz%"), .unavailable),
            FaultCase("broken base64", .rawStatus(details: "!!!"), .unavailable),
            FaultCase("flag byte 2", .body(flag: 2, []), .internal),
            FaultCase("compressed without grpc-encoding", .body(flag: 1, [1, 2]), .internal),
            FaultCase("compressed with snappy", .body(flag: 1, encoding: "snappy", [1, 2]), .internal),
            FaultCase("gzip that is none", .body(flag: 1, encoding: "gzip", [1, 2]), .internal),
            FaultCase("half a message", .body(length: 9, [1, 2]), .internal),
            FaultCase("a message of 4 GiB", .hugeLength, .resourceExhausted),
            FaultCase("two messages", .twoMessages, .internal),
            FaultCase("OK without a message", .noMessage, .internal),
            FaultCase("HTTP 503", .http(status: 503, contentType: "text/html"), .unavailable),
            FaultCase("HTTP 429", .http(status: 429, contentType: nil), .unavailable),
            FaultCase("HTTP 431", .http(status: 431, contentType: nil), .internal),
            FaultCase("a wrong content type", .http(status: 200, contentType: "text/plain", body: [1]), .unknown),
        ]
    )
    func answers(test: FaultCase) async throws { try await check(test) }

    @Test(
        "Frames that break the rules end the call, and the next one works",
        arguments: [
            FaultCase("garbage", .garbage, .unavailable),
            FaultCase("a frame that is too large", .oversizedFrame, .unavailable),
            FaultCase("PUSH_PROMISE", .push, .unavailable),
            FaultCase("a stream that nobody opened", .strangeStream, .unavailable),
            FaultCase("DATA before headers", .dataFirst, .internal, .unavailable),
            FaultCase("a window too large", .windowOverflow, .unavailable),
            FaultCase("no HPACK", .brokenHeaderBlock, .unavailable),
            FaultCase("a field in capitals", .forbiddenField, .internal),
            FaultCase("the connection is dropped", .drop, .unavailable),
            FaultCase("an answer twice", .answeredTwice, .ok),
            FaultCase("40 KB of header fields", .headers(bytes: 40_000), .resourceExhausted),
            FaultCase("1 MB of header fields", .headers(bytes: 1_000_000), .resourceExhausted, .unavailable),
            FaultCase("CONTINUATION flood", .continuationFlood(10_000), .unavailable),
        ]
    )
    func frames(test: FaultCase) async throws { try await check(test) }

    @Test(
        "Floods cost a call no more than its deadline",
        arguments: [
            FaultCase("SETTINGS", .settingsFlood(5_000), .unavailable, .deadlineExceeded),
            FaultCase("PING", .pingFlood(5_000), .unavailable, .deadlineExceeded),
            FaultCase("empty DATA", .emptyDataFlood(20_000), .unavailable, .deadlineExceeded, .internal),
        ]
    )
    func floods(test: FaultCase) async throws { try await check(test, timeout: .milliseconds(500)) }
}
