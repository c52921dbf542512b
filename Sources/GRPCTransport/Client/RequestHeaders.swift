/// The header block of a request, in the order that gRPC prescribes.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Requests": pseudo-fields, `grpc-timeout`, the call's definition, and
/// the custom metadata last.
struct RequestHeaders {
    private let scheme: String
    private let authority: String
    private let fixed: [HeaderField]

    /// Takes metadata that `GRPCMetadata.check` has passed.
    init(_ settings: GRPCClientSettings) {
        scheme = settings.tls == nil ? "http" : "https"
        authority = settings.target.authority
        let own = [
            HeaderField("te", "trailers"),
            HeaderField("content-type", "application/grpc+proto"),
            HeaderField("user-agent", settings.userAgent),
        ]
        fixed = own + settings.metadata.map { HeaderField($0.name.lowercased(), Self.trimmed($0.value)) }
    }

    /// The fields of one request; `timeout` is what is left of the call's time, `nil` if there is no limit.
    func fields(path: String, timeout: Duration?) -> [HeaderField] {
        var fields = [
            HeaderField(":method", "POST"),
            HeaderField(":scheme", scheme),
            HeaderField(":path", path),
            HeaderField(":authority", authority),
        ]
        if let timeout { fields.append(HeaderField("grpc-timeout", GRPCTimeout.encode(timeout))) }
        return fields + fixed
    }

    /// HTTP does not allow a value to start or end with a space (RFC 9113 section 8.2.1).
    private static func trimmed(_ value: String) -> String {
        var value = value[...]
        while value.first == " " { value.removeFirst() }
        while value.last == " " { value.removeLast() }
        return String(value)
    }
}
