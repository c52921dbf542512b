/// Finds out where the records of a handshake end, so that not one byte after them is taken from the socket.
///
/// What stays in the socket makes it readable, and so is not forgotten when the handshake is complete.
/// Specification: RFC 8446 section 5.1: type, two bytes of version, two of length.
struct TLSRecordBoundary {
    private static let headerSize = 5

    private var header: [UInt8] = []
    private var missing = 0

    /// How many bytes may be taken: the rest of the header, or then of the record.
    var wanted: Int { header.count < Self.headerSize ? Self.headerSize - header.count : missing }

    /// Takes at most `wanted` bytes.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if header.count < Self.headerSize {
            header += bytes
            if header.count == Self.headerSize { missing = Int(header[3]) << 8 | Int(header[4]) }
        } else {
            missing -= bytes.count
        }
        if header.count == Self.headerSize, missing == 0 { header = [] }
    }

    /// What has come of the header, if that is no TLS: neither a handshake, an alert nor a change of ciphers.
    ///
    /// HTTP/2 in cleartext begins with a frame's length, an HTTP/1 server answers `HTTP/1.1 400`.
    var foreign: [UInt8]? {
        guard let type = header.first else { return nil }
        let isTLS = (20...23).contains(type) && (header.count < 2 || header[1] == 3)
        return isTLS ? nil : header
    }
}
