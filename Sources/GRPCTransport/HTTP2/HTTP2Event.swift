/// What the peer did, in the order in which its bytes said so.
enum HTTP2Event: Sendable, Hashable {
    /// A complete header block: request, response, interim response or trailers.
    case headers(stream: Int32, fields: [HeaderField], endsStream: Bool)

    case data(stream: Int32, bytes: [UInt8])

    /// The peer has said all that it will on this stream; comes after the event that carries the last part.
    case endOfStream(stream: Int32)

    /// The stream is gone. An error other than `noError` comes from the peer's RST_STREAM, from a GOAWAY that left
    /// the stream out (`refusedStream`), or from nghttp2, which found the peer's frames to be wrong.
    case closed(stream: Int32, error: HTTP2ErrorCode)

    /// The header block went over the limit and was not kept; nghttp2 resets the stream.
    case headersTooLarge(stream: Int32)

    /// The peer's settings are known now (the first time) or have changed.
    case settings

    /// The peer takes no streams above `lastStream` and will close the connection.
    case goAway(lastStream: Int32, error: HTTP2ErrorCode, debug: String)

    /// A frame of the peer broke the rules. Where the whole connection is concerned, `stream` is 0.
    case invalidFrame(stream: Int32, reason: String)
}
