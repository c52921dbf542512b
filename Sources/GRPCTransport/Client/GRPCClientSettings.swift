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
    package var maxRequestBytes: Int

    /// The most that a reply may have after it is decompressed; a larger one is RESOURCE_EXHAUSTED.
    package var maxResponseBytes: Int

    /// gRPC's least `keepaliveTime`; tests cannot wait so long.
    var minimumKeepaliveTime = Duration.seconds(10)

    package init(target: GRPCTarget, userAgent: String) {
        self.target = target
        self.userAgent = userAgent
        maxRequestBytes = MessageFraming.requestLimit
        maxResponseBytes = MessageFraming.responseLimit
    }
}
