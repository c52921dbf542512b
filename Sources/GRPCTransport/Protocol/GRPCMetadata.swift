/// The rules for custom metadata.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Custom-Metadata".
package enum GRPCMetadata {
    /// Names that the transport writes itself, or that HTTP/2 forbids (RFC 9113 section 8.2.2).
    private static let ownNames: Set<String> = [
        "te", "content-type", "content-length", "user-agent", "host", "connection", "keep-alive", "proxy-connection",
        "transfer-encoding", "upgrade",
    ]

    /// Throws if a caller may not send this entry.
    ///
    /// The name may have capitals; it is sent in lower case. The value of a `-bin` name is given as base64.
    package static func check(name: String, value: String) throws(GRPCConfigurationError) {
        let name = name.lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy(isAllowedInName) else {
            throw GRPCConfigurationError(
                .invalidMetadata,
                "header name '\(name)' is not allowed; gRPC takes letters, digits, '_', '-' and '.'"
            )
        }
        guard !name.hasPrefix("grpc-"), !ownNames.contains(name) else {
            throw GRPCConfigurationError(
                .invalidMetadata,
                "header name '\(name)' is reserved for gRPC itself; remove it or choose another name"
            )
        }
        if name.hasSuffix("-bin") {
            guard binaryValue(value) != nil else {
                throw GRPCConfigurationError(.invalidMetadata, "the value of header '\(name)' must be base64")
            }
        } else if !value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            // The value is not shown: it may be a credential.
            throw GRPCConfigurationError(
                .invalidMetadata,
                "the value of header '\(name)' has characters outside printable ASCII; name it '\(name)-bin' "
                    + "and give base64 to send them"
            )
        }
    }

    /// The bytes of a `-bin` value.
    ///
    /// Several values joined by commas are returned one after the other; gRPC joins what was sent as several fields.
    static func binaryValue(_ value: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            let trimmed = part.drop(while: { $0 == " " })
            guard let decoded = Base64.decode(trimmed) else { return nil }
            bytes += decoded
        }
        return bytes
    }

    private static func isAllowedInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
