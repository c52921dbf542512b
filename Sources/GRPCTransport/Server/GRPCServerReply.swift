/// What the server's handler wants to be done with a call: an answer, or a misbehaviour that a test asks for.
package indirect enum GRPCServerReply: Sendable {
    /// Headers, one message, trailers with the status.
    case message([UInt8], status: GRPCStatus = .ok, trailers: [(name: String, value: String)] = [])

    /// A single HEADERS frame that ends the stream (Trailers-Only): the usual form of an error.
    case status(GRPCStatus, trailers: [(name: String, value: String)] = [])

    /// The answer comes from somewhere else, at some later time; see `GRPCServerPromise`.
    case later(GRPCServerPromise)

    /// No answer, ever.
    case never

    /// RST_STREAM with this HTTP/2 error code.
    case reset(UInt32)

    /// GOAWAY. With a reply this call is still among the accepted ones and gets that reply; without one it lies
    /// above the last accepted stream, so it was provably not processed.
    case goAway(then: GRPCServerReply?)

    /// Plain header fields and body, for peers that are no gRPC servers. `:status` is among the fields.
    case http(fields: [(name: String, value: String)], body: [UInt8])

    /// Bytes as they stand, past nghttp2, each piece in a write of its own and the stream's number filled in: for the
    /// misbehaviours that nghttp2 does not commit. With `closing` the connection is closed after them.
    case raw(@Sendable (_ stream: Int32) -> [[UInt8]], closing: Bool)

    /// The connection is closed without a word.
    case dropConnection
}
