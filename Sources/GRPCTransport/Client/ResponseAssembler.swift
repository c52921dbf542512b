/// Makes one response out of what comes on a stream, and knows nothing of connections.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Responses".
struct ResponseAssembler {
    private let limit: Int
    private var decoder: MessageDecoder
    private var headers: [HeaderField] = []
    private var trailers: [HeaderField]?
    private var message: [UInt8]?

    /// `limit` is for the message, both as it comes and after it is decompressed.
    init(limit: Int = MessageFraming.responseLimit) {
        self.limit = limit
        decoder = MessageDecoder(limit: limit)
    }

    /// Takes a header block.
    ///
    /// A response means that the call is answered although the stream may go on.
    mutating func receive(_ fields: [HeaderField], endsStream: Bool) -> GRPCResponse? {
        if headers.isEmpty {
            let isInterim = fields[":status"]?.hasPrefix("1") == true
            if isInterim && !endsStream { return nil }
            headers = fields
            if endsStream { trailers = fields }
            return endsStream || isGRPC || fields["grpc-status"] != nil ? nil : response(notGRPC: fields)
        }
        trailers = fields
        return nil
    }

    /// Takes a part of the body.
    mutating func receive(_ bytes: [UInt8]) -> GRPCResponse? {
        decoder.append(bytes)
        do throws(MessageDecoder.Failure) {
            while let next = try decoder.next() {
                guard message == nil else { return .failure(.internal, "the peer sent more than one message") }
                if let failure = take(next) { return failure }
            }
            return nil
        } catch {
            switch error {
            case .unknownFlag(let flag):
                return .failure(.internal, "the peer sent a message with the unknown flag byte \(flag)")
            case .tooLarge(let size, let limit):
                return .failure(.resourceExhausted, "the peer's message has \(size) bytes, more than \(limit)")
            }
        }
    }

    private mutating func take(_ next: MessageDecoder.Message) -> GRPCResponse? {
        guard next.isCompressed else {
            message = next.bytes
            return nil
        }
        guard let encoding = headers["grpc-encoding"], encoding != "identity" else {
            return .failure(.internal, "the peer sent a compressed message without grpc-encoding")
        }
        guard encoding == "gzip" else {
            return .failure(.internal, "the peer sent a message compressed with \(encoding), which it was not offered")
        }
        do throws(Gzip.Failure) {
            message = try Gzip.decompress(next.bytes, limit: limit)
            return nil
        } catch {
            switch error {
            case .corrupt: return .failure(.internal, "the peer sent a message that is not gzip, as it says")
            case .tooLarge:
                return .failure(.resourceExhausted, "the peer's message has more than \(limit) bytes when decompressed")
            }
        }
    }

    /// The peer has ended the stream in an orderly way.
    func endOfStream() -> GRPCResponse {
        let last = trailers ?? headers
        guard let text = last["grpc-status"] else { return response(notGRPC: headers) }
        var status = GRPCStatus(.unknown, "the peer sent the unknown grpc-status '\(text)'")
        // Digits without a sign or leading zeros: `Int` alone would take `+0` and `00` for OK.
        if let number = Int(text), String(number) == text, let code = GRPCStatusCode(rawValue: number) {
            status = GRPCStatus(code, PercentCoding.decode(last["grpc-message"] ?? ""))
        }
        status.details = last["grpc-status-details-bin"].flatMap(GRPCMetadata.binaryValue) ?? []
        if status.isOK {
            if decoder.hasRemainder {
                status = GRPCStatus(.internal, "the peer ended the stream in the middle of a message")
            } else if message == nil {
                status = GRPCStatus(.internal, "the peer answered OK without a message")
            }
        }
        var response = GRPCResponse(status: status, message: message, trailers: custom(last))
        if trailers != nil, last != headers { response.initialMetadata = custom(headers) }
        return response
    }

    /// `application/grpc`, and what may follow it; gRPC-Web is something else.
    private var isGRPC: Bool {
        guard let type = headers["content-type"]?.lowercased(), type.hasPrefix("application/grpc") else { return false }
        return type.dropFirst("application/grpc".count).first.map { $0 == "+" || $0 == ";" } ?? true
    }

    /// Something that is no gRPC server has answered, or a gRPC server without a status.
    private func response(notGRPC fields: [HeaderField]) -> GRPCResponse {
        let status = fields[":status"] ?? "none"
        var text = "the answer has no grpc-status; HTTP status \(status)"
        if let type = fields["content-type"], !isGRPC { text += ", content type \(type)" }
        return .failure(GRPCStatusCode(httpStatus: Int(status) ?? 0), text)
    }

    private static let ownNames: Set<String> = [
        "grpc-status", "grpc-message", "grpc-status-details-bin", "content-type",
    ]

    private func custom(_ fields: [HeaderField]) -> [(name: String, value: String)] {
        fields.filter { !$0.name.hasPrefix(":") && !Self.ownNames.contains($0.name) }.map { ($0.name, $0.value) }
    }
}

extension GRPCResponse {
    static func failure(_ code: GRPCStatusCode, _ message: String, unprocessed: Bool = false) -> GRPCResponse {
        GRPCResponse(status: GRPCStatus(code, message), isProvablyUnprocessed: unprocessed)
    }
}
