/// The header blocks of a reply.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Responses".
enum ReplyHeaders {
    static let initial = [HeaderField(":status", "200"), HeaderField("content-type", "application/grpc+proto")]

    static func trailers(_ status: GRPCStatus, _ custom: [(name: String, value: String)]) -> [HeaderField] {
        var fields = [HeaderField("grpc-status", String(status.code.rawValue))]
        if !status.message.isEmpty { fields.append(HeaderField("grpc-message", PercentCoding.encode(status.message))) }
        if !status.details.isEmpty {
            fields.append(HeaderField("grpc-status-details-bin", Base64.encode(status.details)))
        }
        return fields + custom.map { HeaderField($0.name.lowercased(), $0.value) }
    }
}
