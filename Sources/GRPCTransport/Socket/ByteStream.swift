/// What moves the bytes of an HTTP/2 connection: a socket, or TLS over one.
///
/// Never blocks, and belongs to one thread. Bytes that a stream has taken and cannot hand on just now (ciphertext) stay
/// in it; `hasUnsentBytes` then asks for a poll for writing and for a further `write`, be it of nothing.
protocol ByteStream: AnyObject {
    var descriptor: Int32 { get }

    /// Whether the bytes are encrypted; a peer that is no HTTP/2 server is told of accordingly.
    var isEncrypted: Bool { get }

    /// Whether the handshake is complete; before that nothing is taken, so it is of no use to poll for writing.
    var isEstablished: Bool { get }

    var hasUnsentBytes: Bool { get }

    /// Goes on with what must happen before the first byte of HTTP/2; called again whenever `descriptor` is ready.
    func handshake() -> HandshakeProgress

    /// Fills as much of `buffer` as can be filled now: less than all of it means that nothing is left to be read.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer

    /// Takes a part of what `slices` have together, from the first one on, and says how much.
    ///
    /// Never raises SIGPIPE.
    func write(_ slices: [ArraySlice<UInt8>]) -> Transfer
}

/// What became of a try to read or to write.
enum Transfer: Hashable {
    case bytes(Int)
    /// There is nothing to be read, or no room to write, just now.
    case wouldBlock
    /// The peer has ended its side; only from reading.
    case endOfStream
    /// In words that follow "broke the connection: ".
    case failed(String)
}

/// How far a stream is on its way to its first byte.
enum HandshakeProgress {
    case complete
    /// To be called again when the descriptor is ready for this.
    case waiting(for: PollSet.Interest)
    /// In words that follow "cannot connect to host:port: ".
    case failed(String)
}

/// Makes the streams of one client: the place where TLS comes in.
///
/// Belongs to one thread.
struct ByteStreamFactory {
    let target: GRPCTarget
    private let contexts: TLSContextSource?

    /// `nil` for `tls` is cleartext.
    init(target: GRPCTarget, tls: TLSSettings?) {
        self.target = target
        contexts = tls.map(TLSContextSource.init)
    }

    /// A stream over a socket that is connected, before its handshake.
    func stream(over socket: Socket) throws(TLSFailure) -> any ByteStream {
        guard let contexts else { return socket }
        return TLSStream(try TLSSession(client: contexts.context(), serverName: target.host), over: socket)
    }
}
