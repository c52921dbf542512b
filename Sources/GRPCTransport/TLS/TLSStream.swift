/// A TLS session over a socket: HTTP/2's bytes go in and come out in the clear.
///
/// Belongs to one thread. Every byte that is taken from the socket is decrypted at once, so that there is never
/// something to be read of which `poll` does not know.
final class TLSStream: ByteStream {
    /// What one `write` encrypts: four full records.
    private static let writeSize = 64 * 1_024

    /// A record of the greatest size (RFC 8446 section 5.2): so much plaintext can come of ciphertext held back before.
    private static let largestRecord = 16_384 + 256 + 5

    private let socket: Socket
    private let session: TLSSession
    private var boundary = TLSRecordBoundary()
    private var gathered: [UInt8] = []
    private var hasHeard = false

    /// How it ended, when bytes came before the end that had to be handed out first.
    private var end: Transfer?

    init(_ session: TLSSession, over socket: Socket) {
        self.socket = socket
        self.session = session
    }

    /// Says goodbye as far as the kernel takes it at once.
    deinit {
        session.close()
        _ = flush()
    }

    var descriptor: Int32 { socket.descriptor }

    var isEncrypted: Bool { true }

    var isEstablished: Bool { session.isEstablished }

    /// An end that nobody knows of yet counts too: the `write` that this asks for tells of it.
    var hasUnsentBytes: Bool { session.hasOutput || end != nil }

    // MARK: Handshake

    func handshake() -> HandshakeProgress {
        do throws(TLSFailure) {
            while true {
                let isDone = try session.handshake()
                let sending = flush()
                if isDone { return .complete }
                switch try receiveRecord() {
                case .bytes: continue
                case .wouldBlock: return .waiting(for: session.hasOutput ? [.reading, .writing] : .reading)
                case .endOfStream: return .failed(silence)
                case .failed(let reason):
                    if case .failed(let reason) = sending { return .failed(reason) }
                    return .failed("the TLS handshake was broken off: \(reason)")
                }
            }
        } catch {
            // The peer is told why, as far as the kernel takes it at once.
            _ = flush()
            return .failed(error.reason)
        }
    }

    private func receiveRecord() throws(TLSFailure) -> Transfer {
        var failure: TLSFailure?
        let received = withUnsafeTemporaryAllocation(byteCount: boundary.wanted, alignment: 1) { buffer in
            let received = socket.read(into: buffer)
            guard case .bytes(let count) = received else { return received }
            hasHeard = true
            do throws(TLSFailure) {
                try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
            }
            return received
        }
        if let failure { throw failure }
        return received
    }

    private func take(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        boundary.receive(bytes)
        if let foreign = boundary.foreign {
            var greeting = PeerGreeting()
            greeting.receive(foreign)
            throw TLSFailure(
                "the peer does not speak TLS: it sent '\(greeting.shown)'; a cleartext port wants http://"
            )
        }
        try session.receive(bytes)
    }

    private var silence: String {
        hasHeard
            ? "the peer closed the connection in the middle of the TLS handshake"
            : "the peer closed the connection without a word of TLS; a cleartext port wants http://"
    }

    // MARK: Reading

    /// Ciphertext is put into `buffer` too, on its way to the session, which takes a copy.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        if let end { return end }
        if let obstacle = obstacleOfHandshake() { return obstacle }
        var filled = 0
        var mayHaveMore = true
        while mayHaveMore, buffer.count - filled > Self.largestRecord {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let wanted = UnsafeMutableRawBufferPointer(rebasing: room.dropLast(Self.largestRecord))
            let received = socket.read(into: wanted)
            switch received {
            case .bytes(let count):
                filled += decrypt(count, in: room)
                mayHaveMore = count == wanted.count && end == nil
            case .wouldBlock: mayHaveMore = false
            case .endOfStream, .failed:
                end = received
                mayHaveMore = false
            }
        }
        return filled > 0 ? .bytes(filled) : end ?? .wouldBlock
    }

    /// Replaces `count` bytes of ciphertext at the beginning of `room` by the plaintext, and says how much that is.
    private func decrypt(_ count: Int, in room: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        do throws(TLSFailure) {
            try session.receive(UnsafeRawBufferPointer(rebasing: room[..<count]))
            decrypting: while true {
                switch try session.decrypt(into: UnsafeMutableRawBufferPointer(rebasing: room[filled...])) {
                case .bytes(let count): filled += count
                case .needsMore: break decrypting
                case .closed:
                    end = .endOfStream
                    break decrypting
                }
            }
        } catch {
            end = .failed(error.reason)
        }
        // An alert, or the answer to a change of keys.
        _ = flush()
        return filled
    }

    // MARK: Writing

    func write(_ slices: [ArraySlice<UInt8>]) -> Transfer {
        if let end { return end }
        if let obstacle = obstacleOfHandshake() { return obstacle }
        let sentBefore = flush()
        guard case .bytes = sentBefore else { return sentBefore }
        let piece = piece(of: slices)
        guard !piece.isEmpty else { return .bytes(0) }
        do throws(TLSFailure) {
            try encrypt(piece)
        } catch {
            return .failed(error.reason)
        }
        let sent = flush()
        if case .failed = sent { return sent }
        return .bytes(piece.count)
    }

    /// The next bytes in one place, so that small slices share a record.
    private func piece(of slices: [ArraySlice<UInt8>]) -> ArraySlice<UInt8> {
        guard slices.count > 1 else { return slices.first?.prefix(Self.writeSize) ?? [] }
        gathered.removeAll(keepingCapacity: true)
        for slice in slices {
            gathered += slice.prefix(Self.writeSize - gathered.count)
            if gathered.count == Self.writeSize { break }
        }
        return gathered[...]
    }

    private func encrypt(_ bytes: ArraySlice<UInt8>) throws(TLSFailure) {
        let failure = bytes.withUnsafeBytes { bytes -> TLSFailure? in
            do throws(TLSFailure) {
                try session.encrypt(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Sends ciphertext as far as the kernel takes it: `bytes` if nothing is left.
    private func flush() -> Transfer {
        while session.hasOutput {
            var result = Transfer.wouldBlock
            session.sendOutput { bytes in
                result = socket.write(bytes)
                guard case .bytes(let count) = result else { return 0 }
                return count
            }
            guard case .bytes = result else { return result }
        }
        return .bytes(0)
    }

    /// Why there can be neither reading nor writing; `nil` once the handshake is complete.
    private func obstacleOfHandshake() -> Transfer? {
        guard !isEstablished else { return nil }
        switch handshake() {
        case .complete: return nil
        case .waiting: return .wouldBlock
        case .failed(let reason): return .failed(reason)
        }
    }
}
