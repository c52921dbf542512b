internal import Glibc

/// One side of a TLS connection with no network in it: ciphertext and plaintext in, plaintext and ciphertext out.
///
/// Owns one SSL and belongs to one thread. After a throw nothing more can be done with it, but what it has to say to the
/// peer (an alert) is still among the output.
final class TLSSession {
    enum Plaintext: Hashable {
        case bytes(Int)
        /// All ciphertext is used up.
        case needsMore
        /// The peer has said goodbye.
        case closed
    }

    private let context: TLSContext
    private let ssl: OpenSSL.Pointer
    /// Both belong to `ssl`.
    private let incoming: OpenSSL.Pointer
    private let outgoing: OpenSSL.Pointer
    /// So much at the beginning of `outgoing` is gone already.
    private var sent = 0
    private let serverName: String?
    private(set) var isEstablished = false
    private var hasFailed = false

    private var openSSL: OpenSSL { context.openSSL }

    /// A client's side: the certificate must be for `serverName`, a name or a numeric address.
    convenience init(client context: TLSContext, serverName: String) throws(TLSFailure) {
        // A zone belongs to the way to an address, not to the address; a final dot to DNS, not to the name.
        let scopeless = String(serverName.prefix { $0 != "%" })
        let name = scopeless.hasSuffix(".") ? String(scopeless.dropLast()) : scopeless
        try self.init(context, serverName: name)
        let isSet: Bool
        if Self.isAddress(name) {
            isSet = openSSL.setAddress(openSSL.parameters(ssl), name) == 1
        } else {
            openSSL.setHostFlags(ssl, OpenSSLConstant.noPartialWildcards)
            isSet = openSSL.setHost(ssl, name) == 1 && announce(name)
        }
        guard isSet else { throw TLSFailure("'\(name)' cannot be looked for in a certificate") }
        openSSL.setConnectState(ssl)
    }

    /// A server's side.
    convenience init(server context: TLSContext) throws(TLSFailure) {
        try self.init(context, serverName: nil)
        openSSL.setAcceptState(ssl)
    }

    private init(_ context: TLSContext, serverName: String?) throws(TLSFailure) {
        let openSSL = context.openSSL
        openSSL.clearErrors()
        guard let ssl = openSSL.newSSL(context.pointer) else {
            throw TLSFailure("OpenSSL makes no session: \(openSSL.nextErrorText)")
        }
        let incoming = openSSL.newBIO(openSSL.memoryMethod())
        guard let incoming, let outgoing = openSSL.newBIO(openSSL.memoryMethod()) else {
            _ = openSSL.freeBIO(incoming)
            openSSL.freeSSL(ssl)
            throw TLSFailure("OpenSSL makes no buffer: \(openSSL.nextErrorText)")
        }
        openSSL.setBIOs(ssl, incoming, outgoing)
        self.context = context
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
        self.serverName = serverName
    }

    deinit { openSSL.freeSSL(ssl) }

    /// Server name indication, which is for names only (RFC 6066 section 3).
    private func announce(_ name: String) -> Bool {
        var name = name.utf8CString
        return name.withUnsafeMutableBytes { bytes in
            openSSL.controlSSL(ssl, OpenSSLConstant.setServerName, OpenSSLConstant.serverNameIsHost, bytes.baseAddress)
        } == 1
    }

    private static func isAddress(_ name: String) -> Bool {
        var storage = in6_addr()
        return inet_pton(AF_INET, name, &storage) == 1 || inet_pton(AF_INET6, name, &storage) == 1
    }

    // MARK: Input

    /// Takes ciphertext that came from the peer.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        guard !bytes.isEmpty else { return }
        guard openSSL.writeBIO(incoming, bytes.baseAddress, Int32(bytes.count)) == Int32(bytes.count) else {
            throw TLSFailure("OpenSSL has no memory: \(openSSL.nextErrorText)")
        }
    }

    /// Goes on with the handshake; true once it is complete, false if the peer has to say something first.
    func handshake() throws(TLSFailure) -> Bool {
        guard !isEstablished else { return true }
        openSSL.clearErrors()
        let result = openSSL.doHandshake(ssl)
        guard result == 1 else {
            if openSSL.errorOfCall(ssl, result) == OpenSSLConstant.wantsRead { return false }
            throw fail()
        }
        if serverName != nil, selectedProtocol != "h2" {
            throw TLSFailure(
                "the peer does not choose HTTP/2 (ALPN h2), which gRPC needs; is it a gRPC server's port?"
            )
        }
        isEstablished = true
        return true
    }

    /// Decrypts what has come, as far as `buffer` has room; one record, of at most 16 KiB, in each call.
    func decrypt(into buffer: UnsafeMutableRawBufferPointer) throws(TLSFailure) -> Plaintext {
        openSSL.clearErrors()
        let count = openSSL.read(ssl, buffer.baseAddress, Int32(buffer.count))
        if count > 0 { return .bytes(Int(count)) }
        switch openSSL.errorOfCall(ssl, count) {
        case OpenSSLConstant.wantsRead: return .needsMore
        case OpenSSLConstant.zeroReturn: return .closed
        default: throw fail()
        }
    }

    // MARK: Output

    /// Encrypts all of `bytes`, in records of 16 KiB and one for the rest.
    func encrypt(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        guard !bytes.isEmpty else { return }
        openSSL.clearErrors()
        guard openSSL.write(ssl, bytes.baseAddress, Int32(bytes.count)) == Int32(bytes.count) else { throw fail() }
    }

    /// Says goodbye; nothing can be encrypted after it.
    func close() {
        guard isEstablished, !hasFailed else { return }
        _ = openSSL.shutdown(ssl)
        openSSL.clearErrors()
    }

    /// Lends the ciphertext that is to be sent; `body` says how much of it is gone.
    func sendOutput(_ body: (UnsafeRawBufferPointer) -> Int) {
        var start: UnsafeMutableRawPointer?
        let size = withUnsafeMutablePointer(to: &start) {
            openSSL.controlBIO(outgoing, OpenSSLConstant.memoryOfBIO, 0, $0)
        }
        guard size > sent, let start else { return }
        sent += body(UnsafeRawBufferPointer(start: start + sent, count: size - sent))
        guard sent == size else { return }
        _ = openSSL.controlBIO(outgoing, OpenSSLConstant.resetBIO, 0, nil)
        sent = 0
    }

    /// Whether there is ciphertext to be sent.
    var hasOutput: Bool { openSSL.controlBIO(outgoing, OpenSSLConstant.memoryOfBIO, 0, nil) > sent }

    // MARK: Facts

    /// Such as `TLSv1.3`.
    var version: String { openSSL.version(ssl).map { String(cString: $0) } ?? "unknown" }

    private var selectedProtocol: String {
        var start: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        openSSL.selectedProtocol(ssl, &start, &length)
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
    }

    private func fail() -> TLSFailure {
        hasFailed = true
        return openSSL.failure(of: ssl, serverName: serverName)
    }
}
