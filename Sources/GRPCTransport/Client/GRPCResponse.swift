/// The one answer to a unary call; a failure is an answer too, see `status`.
package struct GRPCResponse: Sendable {
    package var status: GRPCStatus

    /// The reply's bytes; always there when the status is OK.
    package var message: [UInt8]?

    /// The metadata that came before the reply, as it came; empty if the peer sent a status alone.
    package var initialMetadata: [(name: String, value: String)] = []

    /// The trailing metadata as it came, without what `status` holds; `-bin` values are still base64.
    package var trailers: [(name: String, value: String)]

    /// True if the peer provably did not process the call, so that sending it again cannot duplicate anything:
    /// no connection was made, or the stream was refused or lay above the last one of a GOAWAY.
    package var isProvablyUnprocessed: Bool

    package init(
        status: GRPCStatus,
        message: [UInt8]? = nil,
        trailers: [(name: String, value: String)] = [],
        isProvablyUnprocessed: Bool = false
    ) {
        self.status = status
        self.message = message
        self.trailers = trailers
        self.isProvablyUnprocessed = isProvablyUnprocessed
    }
}
