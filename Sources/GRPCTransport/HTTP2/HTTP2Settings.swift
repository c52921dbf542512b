/// What one side of a connection tells the other when it begins; RFC 9113 section 6.5.2 and 6.9.2.
package struct HTTP2Settings: Sendable, Hashable {
    /// How many streams the peer may have open; `nil` tells it of no limit.
    package var maxConcurrentStreams: UInt32?

    /// Bytes of data that may be under way to this side on one stream.
    package var streamWindow: Int32 = 1 << 20

    /// Bytes of data that may be under way to this side on all streams together.
    package var connectionWindow: Int32 = 1 << 20

    /// The largest frame that the peer may send, from 16,384 bytes; `nil` leaves it at that.
    package var maxFrameSize: UInt32?

    package init() {}
}
