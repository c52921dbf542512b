/// All that a `GRPCClient` can be told.
package struct GRPCClientSettings: Sendable {
    /// How requests are compressed; answers may come as they are or with gzip in any case.
    package enum Compression: Sendable, Hashable {
        case none
        /// With gzip, where that makes a message smaller.
        case gzip
    }

    package var target: GRPCTarget
    package var userAgent: String

    /// Sent with each call, after gRPC's own fields.
    ///
    /// An entry that `GRPCMetadata.check` refuses makes every call fail with INTERNAL.
    package var metadata: [(name: String, value: String)] = []

    package var compression = Compression.none

    /// `nil` is cleartext.
    package var tls: TLSSettings?

    /// After how much silence a PING asks whether the peer is there, while there are calls; `nil` never asks.
    ///
    /// Less than 10 s count as 10 s. Specification: grpc proposal A8.
    package var keepaliveTime: Duration?

    /// How long the answer to that PING may take.
    package var keepaliveTimeout = Duration.seconds(20)

    /// The most that a request may have before it is compressed; a larger one is RESOURCE_EXHAUSTED and not sent.
    ///
    /// Specification: OpenTelemetry `protocol/exporter.md`, Max Request Size.
    package var maxRequestBytes = 64 * 1_024 * 1_024

    /// The most that a reply may have after it is decompressed; a larger one is RESOURCE_EXHAUSTED.
    ///
    /// Specification: OpenTelemetry `protocol/exporter.md`, Max Response Size.
    package var maxResponseBytes = 4 * 1_024 * 1_024

    package init(target: GRPCTarget, userAgent: String) {
        self.target = target
        self.userAgent = userAgent
    }
}
