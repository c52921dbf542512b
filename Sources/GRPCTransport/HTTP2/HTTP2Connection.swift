/// A session and the stream under it: moves bytes between the two until one of them ends.
///
/// Belongs to one thread.
final class HTTP2Connection {
    /// Frames are gathered up to this many bytes and written at once.
    private static let outputSize = 256 * 1_024
    private static let inputSize = 64 * 1_024
    /// After so many reads the other connections get their turn.
    private static let readsPerTurn = 4

    let stream: any ByteStream
    let session: HTTP2Session

    /// When the last byte came; `nil` if none has.
    private(set) var lastReceived: ContinuousClock.Instant?

    /// The client looks whether it is HTTP/2 that comes back; for the server nghttp2 checks the client's preface.
    private var greeting: PeerGreeting?

    /// Whether `receive` has left something that a poll need not show: TLS can hold bytes that the socket gave long ago.
    private(set) var mayHaveMore = false

    init(
        stream: any ByteStream,
        role: HTTP2Session.Role,
        settings: HTTP2Settings = HTTP2Settings()
    ) throws(HTTP2Failure) {
        self.stream = stream
        session = try HTTP2Session(role: role, settings: settings)
        greeting = role == .client ? PeerGreeting() : nil
    }

    /// What to poll for.
    var interest: PollSet.Interest {
        stream.isEstablished && session.hasOutput || stream.hasUnsentBytes ? [.reading, .writing] : .reading
    }

    /// Reads what there is.
    ///
    /// A non-nil result says why the connection is over, in words that follow the peer's name.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> String? {
        mayHaveMore = false
        for _ in 0..<Self.readsPerTurn {
            switch stream.read(into: buffer) {
            case .bytes(let count):
                lastReceived = .now
                let bytes = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[..<count])
                if let end = take(bytes) { return end }
                guard count == buffer.count else { return nil }
            case .wouldBlock: return nil
            case .endOfStream: return endOfStream
            case .failed(let error): return "broke the connection: \(error)\(hint)"
            }
        }
        mayHaveMore = true
        return nil
    }

    /// A buffer that fits `receive(into:)`; one serves all connections of a thread.
    static func makeInputBuffer() -> UnsafeMutableRawBufferPointer { .allocate(byteCount: inputSize, alignment: 16) }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        greeting?.receive(bytes)
        if case .other? = greeting?.verdict { return endOfStream }
        do {
            try session.receive(bytes)
            return nil
        } catch {
            return "broke the rules of HTTP/2 (\(error))"
        }
    }

    /// What a peer that says no more has said; one that was not asked for TLS may have expected it.
    private var endOfStream: String {
        guard let greeting, greeting.verdict != .http2 else { return "closed the connection" }
        if greeting.shown.isEmpty { return "closed the connection without an answer\(hint)" }
        if !stream.isEncrypted, greeting.isTLS { return "answered with TLS, so it wants https://" }
        return "does not speak HTTP/2\(stream.isEncrypted ? "" : " without TLS"): it answered '\(greeting.shown)'"
    }

    /// For a peer without a word: many a server with TLS hangs up so on one that has none.
    private var hint: String {
        let isSilent = greeting?.verdict == .needsMore && greeting?.shown.isEmpty == true
        return isSilent && !stream.isEncrypted ? "; a port with TLS wants https://" : ""
    }

    /// Writes what the kernel takes; a non-nil result says why the connection is over.
    func flush() -> String? {
        while true {
            do {
                try session.collectOutput(limit: Self.outputSize)
            } catch {
                return "cannot be written to (\(error))"
            }
            guard session.hasOutput || stream.hasUnsentBytes else { return nil }
            switch session.write(to: stream) {
            case .bytes: continue
            case .wouldBlock: return nil
            case .endOfStream: return "closed the connection"
            case .failed(let error): return "broke the connection: \(error)"
            }
        }
    }

    /// Nothing is left to be read or written: after the goodbyes of both sides, or a protocol error.
    var isFinished: Bool { !session.hasOutput && !stream.hasUnsentBytes && !session.isAlive }
}
