import GRPCTransport

/// Why a collector refused a request for good, and so what is worth doing with the items in it.
///
/// OTLP forbids to send refused data again. A gRPC status, though, speaks of a request and not of its items: for one that
/// is too large, or that cannot be read, nothing was said of most of them. They leave in smaller requests, which are new
/// ones; an item that was refused alone, and every request that was refused for another reason, is never sent again.
/// The codes are those by which receivers speak of the request's bytes: INVALID_ARGUMENT, INTERNAL with a complaint about
/// decoding (grpc-go, gRPC's C core, grpc-java, tonic), and those that come with a complaint about size.
enum Refusal: Sendable, Equatable {
    /// The request is larger than the collector takes; smaller ones may pass.
    case tooLarge
    /// Something in the request cannot be read; the rest of it may pass.
    case unreadable
    /// The collector does not want it: nothing of it may pass.
    case final
    /// The request is over our own limit, and was not sent.
    case overLimit

    init(_ status: GRPCStatus) {
        let text = status.message.lowercased()
        if Self.isAboutSize(status.code, text) {
            self = .tooLarge
        } else if status.code == .invalidArgument || status.code == .internal && Self.contains(text, Self.decoding) {
            self = .unreadable
        } else {
            self = .final
        }
    }

    /// Whether the receiver's own words say that the request was too large.
    ///
    /// OUT_OF_RANGE, which may be retried otherwise, is how tonic says it; the same request would never pass.
    static func isAboutSize(_ status: GRPCStatus) -> Bool {
        isAboutSize(status.code, status.message.lowercased())
    }

    private static func isAboutSize(_ code: GRPCStatusCode, _ text: String) -> Bool {
        switch code {
        case .resourceExhausted, .outOfRange, .invalidArgument, .internal, .unknown, .failedPrecondition:
            contains(text, sizes)
        default: false
        }
    }

    /// As grpc-go, gRPC's C core and node ("received message larger than max"), grpc-java ("exceeds maximum size"), older
    /// ones of it ("frame size 5 exceeds maximum: 4"), tonic ("decoded message length too large"), .NET ("exceeds the
    /// maximum configured message size") and proxies write.
    private static let sizes = [
        "larger than max", "exceeds maximum size", "exceeds maximum:", "message length too large",
        "exceeds the maximum configured message size", "message too large", "request too large",
        "payload too large", "entity too large", "body too large",
    ]

    /// As grpc-go ("error unmarshalling request"), gRPC's C core in Python ("exception deserializing request"),
    /// grpc-java ("invalid protobuf byte sequence") and tonic ("failed to decode protobuf message") write.
    private static let decoding = [
        "unmarshal", "deserializ", "failed to decode", "error decoding", "failed to parse", "error parsing", "protobuf",
        "proto:", "malformed", "invalid utf-8", "invalid wire",
    ]

    private static func contains(_ text: String, _ parts: [String]) -> Bool { parts.contains { text.contains($0) } }
}
