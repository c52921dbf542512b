internal import OTLPWire

/// Answers that break the rules of HTTP/2 or gRPC, or stretch them, frame by frame.
extension Fault {
    /// The fields of a proper answer of gRPC.
    private static let grpcFields = [(":status", "200"), ("content-type", "application/grpc")]
    private static let okTrailers = [("grpc-status", "0")]
    private static let lastFlags: Frames.Flags = [.endHeaders, .endStream]

    /// A proper answer in one piece.
    private static func answer(_ stream: Int32, _ body: [UInt8] = Frames.message(ExportResponse.encoded())) -> [UInt8] {
        Frames.headers(stream, grpcFields) + Frames.data(stream, body) + Frames.headers(stream, okTrailers, lastFlags)
    }

    /// These frames before a proper answer.
    private static func accepted(after frames: [UInt8], closing: Bool = false) -> Fault {
        .frames(takesRequest: true, closing: closing) { [frames + answer($0)] }
    }

    /// These header fields and nothing else.
    private static func trailersOnly(_ fields: [(String, String)]) -> Fault {
        .frames { [Frames.headers($0, fields, lastFlags)] }
    }

    // MARK: Unusual, and right

    /// A proper answer, each byte in a write of its own.
    package static let oneByteAtATime = Fault.frames(takesRequest: true) { answer($0).map { [$0] } }

    /// A proper answer whose DATA frames have one byte each and padding.
    package static let paddedData = Fault.frames(takesRequest: true) { stream in
        let body = Frames.message(ExportResponse.encoded(PartialSuccess(rejected: 0, message: "padded")))
        let data = body.flatMap { Frames.paddedData(stream, [$0], padding: 200) }
        return [
            Frames.headers(stream, grpcFields) + data + Frames.headers(stream, okTrailers, lastFlags)
        ]
    }

    /// PING before and after the answer.
    package static let pings = Fault.frames(takesRequest: true) { [Frames.ping(1) + answer($0) + Frames.ping(2)] }

    /// Frames of types that do not exist.
    package static let unknownFrames = accepted(after: Frames.frame(.unknown, [], [1, 2, 3]))

    /// `103 Early Hints` before the answer.
    package static let interimHeaders = Fault.frames(takesRequest: true) {
        [Frames.headers($0, [(":status", "103"), ("link", "</x>")]) + answer($0)]
    }

    /// Trailers in a HEADERS frame of one byte and a CONTINUATION frame.
    package static let continuation = Fault.frames(takesRequest: true) { stream in
        let block = Frames.block(okTrailers)
        let trailers =
            Frames.frame(.headers, .endStream, stream: stream, [block[0]])
            + Frames.frame(.continuation, .endHeaders, stream: stream, Array(block.dropFirst()))
        return [Frames.headers(stream, grpcFields) + Frames.data(stream, Frames.message([])) + trailers]
    }

    /// GOAWAY in the middle of the answer, which goes on.
    package static let goAwayDuring = Fault.frames(takesRequest: true) { stream in
        let body = Frames.message(ExportResponse.encoded())
        return [
            Frames.headers(stream, grpcFields), Frames.data(stream, Array(body.prefix(3))),
            Frames.goAway(lastStream: stream), Frames.data(stream, Array(body.dropFirst(3))),
            Frames.headers(stream, okTrailers, lastFlags),
        ]
    }

    /// A proper answer, GOAWAY, and the end of the connection.
    package static let goAwayAfter = Fault.frames(takesRequest: true, closing: true) {
        [answer($0), Frames.goAway(lastStream: $0)]
    }

    // MARK: RST_STREAM

    package static func resetAfterHeaders(_ code: UInt32 = 0) -> Fault {
        .frames { [Frames.headers($0, grpcFields), Frames.reset($0, code)] }
    }

    package static func resetDuringData(_ code: UInt32 = 0) -> Fault {
        .frames { stream in
            let half = Frames.message([0, 0], length: 4)
            return [Frames.headers(stream, grpcFields) + Frames.data(stream, half), Frames.reset(stream, code)]
        }
    }

    package static func resetAfterData(_ code: UInt32 = 0) -> Fault {
        .frames { stream in
            let body = Frames.message(ExportResponse.encoded())
            return [Frames.headers(stream, grpcFields) + Frames.data(stream, body), Frames.reset(stream, code)]
        }
    }

    // MARK: Wrong answers of gRPC

    /// Trailers without `grpc-status`.
    package static let missingStatus = Fault.frames { stream in
        [
            Frames.headers(stream, grpcFields) + Frames.data(stream, Frames.message([]))
                + Frames.headers(stream, [("x-other", "1")], lastFlags)
        ]
    }

    /// `grpc-status` with this text.
    package static func statusText(_ text: String) -> Fault { trailersOnly(grpcFields + [("grpc-status", text)]) }

    /// UNAVAILABLE with `grpc-message` or `grpc-status-details-bin` as they stand.
    package static func rawStatus(message: String = "", details: String = "") -> Fault {
        trailersOnly(
            grpcFields + [("grpc-status", "14"), ("grpc-message", message), ("grpc-status-details-bin", details)]
        )
    }

    /// A message with this flag byte, this length said and these bytes, under `grpc-encoding` if it is given.
    package static func body(
        flag: UInt8 = 0,
        encoding: String? = nil,
        length: UInt32? = nil,
        _ bytes: [UInt8],
        takesRequest: Bool = false
    ) -> Fault {
        .frames(takesRequest: takesRequest) { stream in
            let fields = grpcFields + (encoding.map { [("grpc-encoding", $0)] } ?? [])
            let chunks = stride(from: 0, to: bytes.count, by: 16_000).map {
                Array(bytes[$0..<min($0 + 16_000, bytes.count)])
            }
            let head = Frames.message([], flag: flag, length: length ?? UInt32(bytes.count))
            return [
                Frames.headers(stream, fields)
                    + ([head] + chunks).flatMap { Frames.data(stream, $0) }
                    + Frames.headers(stream, okTrailers, lastFlags)
            ]
        }
    }

    /// A message that says that it has 4 GiB.
    package static let hugeLength = body(length: .max, [1, 2, 3])

    // MARK: Wrong frames

    /// Header fields of this many bytes.
    package static func headers(bytes: Int) -> Fault {
        .frames { stream in
            let fields = (0..<max(1, bytes / 1_000)).map { ("x-\($0)", String(repeating: "v", count: 990)) }
            let block = Frames.block(grpcFields + okTrailers + fields)
            let parts = stride(from: 0, to: block.count, by: 16_000).map {
                Array(block[$0..<min($0 + 16_000, block.count)])
            }
            return [
                parts.enumerated().flatMap { index, part in
                    let end: Frames.Flags = index == parts.count - 1 ? .endHeaders : []
                    let flags = index == 0 ? end.union(.endStream) : end
                    return Frames.frame(index == 0 ? .headers : .continuation, flags, stream: stream, part)
                }
            ]
        }
    }

    /// A header block that never ends.
    package static func continuationFlood(_ count: Int) -> Fault {
        .frames { stream in
            let part = Frames.block([("x", "y")])
            let more = (0..<count).flatMap { _ in Frames.frame(.continuation, stream: stream, part) }
            return [Frames.frame(.headers, stream: stream, Frames.block(grpcFields)) + more]
        }
    }

    /// SETTINGS after SETTINGS, each of which asks for an acknowledgement, and never an answer.
    package static func settingsFlood(_ count: Int) -> Fault {
        .frames { _ in (0..<count).map { _ in Frames.settings([(3, 100)]) } }
    }

    /// PING after PING, and never an answer.
    package static func pingFlood(_ count: Int) -> Fault {
        .frames { _ in (0..<count).map { Frames.ping(UInt64($0)) } }
    }

    /// Empty DATA frames without end.
    package static func emptyDataFlood(_ count: Int) -> Fault {
        .frames { stream in
            [Frames.headers(stream, grpcFields) + (0..<count).flatMap { _ in Frames.data(stream, []) }]
        }
    }

    /// Bytes that are no frames.
    package static let garbage = Fault.frames { _ in [[UInt8](repeating: 0xFF, count: 1_000)] }

    /// A frame larger than was allowed.
    package static let oversizedFrame = Fault.frames { stream in
        [Frames.headers(stream, grpcFields) + Frames.data(stream, [UInt8](repeating: 0, count: 1 << 16))]
    }

    /// PUSH_PROMISE, which the client has forbidden.
    package static let push = Fault.frames { stream in
        [Frames.frame(.pushPromise, .endHeaders, stream: stream, [0, 0, 0, 2] + Frames.block(grpcFields))]
    }

    /// An answer on a stream that the client has not opened.
    package static let strangeStream = Fault.frames { [answer($0 + 100)] }

    /// DATA before any header.
    package static let dataFirst = Fault.frames { [Frames.data($0, Frames.message([]), .endStream)] }

    /// A window that grows beyond 2^31 - 1.
    package static let windowOverflow = Fault.frames { _ in
        [Frames.windowUpdate(0, 0x7FFF_FFFF) + Frames.windowUpdate(0, 0x7FFF_FFFF)]
    }

    /// A header block that is no HPACK.
    package static let brokenHeaderBlock = Fault.frames {
        [Frames.frame(.headers, lastFlags, stream: $0, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF])]
    }

    /// Field names that HTTP/2 forbids: capitals.
    package static let forbiddenField = trailersOnly(grpcFields + [("Grpc-Status", "0")])

    /// A proper answer, twice.
    package static let answeredTwice = Fault.frames(takesRequest: true) { [answer($0) + answer($0)] }

    /// Two messages in one answer.
    package static let twoMessages = Fault.frames { [answer($0, Frames.message([]) + Frames.message([]))] }

    /// OK without a message.
    package static let noMessage = trailersOnly(grpcFields + okTrailers)
}
