/// gRPC's own frame around a message: one flag byte, four bytes of length (big-endian), the message.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Length-Prefixed-Message".
enum MessageFraming {
    static let prefixSize = 5

    /// The most that a request may have, and the most that a reply may have, before they count as RESOURCE_EXHAUSTED.
    ///
    /// Specification: OpenTelemetry `protocol/exporter.md`, Max Request Size and Max Response Size.
    static let requestLimit = 64 * 1_024 * 1_024
    static let responseLimit = 4 * 1_024 * 1_024

    /// What stands before a message of `count` bytes, fewer than 4 GiB.
    static func prefix(_ count: Int, isCompressed: Bool) -> [UInt8] {
        [isCompressed ? 1 : 0] + withUnsafeBytes(of: UInt32(count).bigEndian, Array.init)
    }

    /// The uncompressed frame of `message`, which must have fewer than 4 GiB.
    static func encode(_ message: some Collection<UInt8>) -> [UInt8] {
        prefix(message.count, isCompressed: false) + message
    }
}
