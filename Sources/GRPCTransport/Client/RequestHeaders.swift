/// The header block of a request, in the order that gRPC prescribes.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Requests": pseudo-fields, `grpc-timeout`, the call's definition, and
/// the custom metadata last.
struct RequestHeaders {
    private let scheme: String
    private let authority: String
    private let definition = [HeaderField("te", "trailers"), HeaderField("content-type", "application/grpc+proto")]
    private let rest: [HeaderField]

    /// Takes metadata that `GRPCMetadata.check` has passed.
    init(_ settings: GRPCClientSettings) {
        scheme = settings.tls == nil ? "http" : "https"
        authority = settings.target.authority
        let own = [HeaderField("grpc-accept-encoding", "gzip"), HeaderField("user-agent", settings.userAgent)]
        rest = own + settings.metadata.map { Self.field($0.name.lowercased(), $0.value) }
    }

    /// The fields of one request; `timeout` is what is left of the call's time, `nil` if there is no limit,
    /// and `encoding` how its message is compressed, `nil` if it is not.
    func fields(path: String, timeout: Duration?, encoding: String?) -> [HeaderField] {
        var fields = [
            HeaderField(":method", "POST"),
            HeaderField(":scheme", scheme),
            HeaderField(":path", path),
            HeaderField(":authority", authority),
        ]
        if let timeout { fields.append(HeaderField("grpc-timeout", GRPCTimeout.encode(timeout))) }
        fields += definition
        if let encoding { fields.append(HeaderField("grpc-encoding", encoding)) }
        return fields + rest
    }

    /// gRPC writes base64 without padding.
    private static func field(_ name: String, _ value: String) -> HeaderField {
        HeaderField(name, name.hasSuffix("-bin") ? value.filter { $0 != "=" } : trimmed(value))
    }

    /// HTTP does not allow a value to start or end with a space (RFC 9113 section 8.2.1).
    private static func trimmed(_ value: String) -> String {
        var value = value[...]
        while value.first == " " { value.removeFirst() }
        while value.last == " " { value.removeLast() }
        return String(value)
    }
}
