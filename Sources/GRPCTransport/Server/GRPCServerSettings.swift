/// What a server allows its clients, whom it does not trust.
package struct GRPCServerSettings: Sendable, Hashable {
    /// What clients are told when they connect.
    package var http2 = HTTP2Settings()

    /// A request with more bytes, after decompression too, is RESOURCE_EXHAUSTED.
    package var maxRequestBytes = MessageFraming.requestLimit

    /// A connection above this number is closed at once.
    package var maxConnections = 1_024

    /// The server's certificate and what it asks of clients; `nil` is cleartext.
    package var tls: TLSServerSettings?

    package init() {}

    /// The usual settings with this many streams for each client.
    package static func streams(_ maxConcurrentStreams: UInt32) -> GRPCServerSettings {
        var settings = GRPCServerSettings()
        settings.http2.maxConcurrentStreams = maxConcurrentStreams
        return settings
    }
}
