/// Makes one request out of what comes on a stream, and knows nothing of connections.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Requests".
struct RequestAssembler {
    private let fields: [HeaderField]
    private let limit: Int
    private var decoder: MessageDecoder
    private var message: [UInt8]?

    /// `limit` is for the message, both as it comes and after it is decompressed.
    init(_ fields: [HeaderField], limit: Int) {
        self.fields = fields
        self.limit = limit
        decoder = MessageDecoder(limit: limit)
    }

    /// What to answer at once to a request that is none of gRPC's.
    var refusal: GRPCServerReply? {
        guard fields[":method"] == "POST" else { return .http(fields: [(":status", "405")], body: []) }
        guard fields["content-type"]?.hasPrefix("application/grpc") == true else {
            return .http(fields: [(":status", "415")], body: [])
        }
        return nil
    }

    /// Takes a part of the body; returns an answer if it is unacceptable.
    mutating func receive(_ bytes: [UInt8]) -> GRPCServerReply? {
        decoder.append(bytes)
        do throws(MessageDecoder.Failure) {
            while let next = try decoder.next() {
                guard message == nil else { return .status(GRPCStatus(.internal, "more than one message")) }
                if let refusal = take(next) { return refusal }
            }
            return nil
        } catch {
            switch error {
            case .unknownFlag(let flag): return .status(GRPCStatus(.internal, "unknown flag byte \(flag)"))
            case .tooLarge(let size, let limit):
                return .status(GRPCStatus(.resourceExhausted, "the message has \(size) bytes, more than \(limit)"))
            }
        }
    }

    /// The client has ended the stream: the request, or the answer to one that is not complete.
    func endOfStream() -> Result<GRPCServerRequest, Refusal> {
        guard let message, !decoder.hasRemainder else {
            return .failure(Refusal(reply: .status(GRPCStatus(.internal, "the request has no complete message"))))
        }
        return .success(
            GRPCServerRequest(
                path: fields[":path"] ?? "",
                metadata: fields.filter { !$0.name.hasPrefix(":") }.map { ($0.name, $0.value) },
                message: message,
                timeout: fields["grpc-timeout"].flatMap(GRPCTimeout.decode)
            )
        )
    }

    struct Refusal: Error {
        let reply: GRPCServerReply
    }

    /// Specification: grpc `doc/compression.md`.
    private mutating func take(_ next: MessageDecoder.Message) -> GRPCServerReply? {
        guard next.isCompressed else {
            message = next.bytes
            return nil
        }
        guard let encoding = fields["grpc-encoding"], encoding != "identity" else {
            return .status(GRPCStatus(.internal, "compressed message without grpc-encoding"))
        }
        guard encoding == "gzip" else {
            let status = GRPCStatus(.unimplemented, "the encoding \(encoding) is not supported")
            return .status(status, trailers: [("grpc-accept-encoding", "identity,gzip")])
        }
        do throws(Gzip.Failure) {
            message = try Gzip.decompress(next.bytes, limit: limit)
            return nil
        } catch {
            switch error {
            case .corrupt: return .status(GRPCStatus(.internal, "the message is not gzip, as it says"))
            case .tooLarge:
                return .status(GRPCStatus(.resourceExhausted, "the message has more than \(limit) bytes"))
            }
        }
    }
}
