/// Owns one SSL_CTX: the files and rules that all sessions of a client or a server share.
///
/// Everything is read when it is made; afterwards it is never changed, so sessions may be made on any thread.
final class TLSContext: Sendable {
    let openSSL: OpenSSL
    // OpenSSL counts references to a context atomically, and nothing changes it once `init` is over.
    nonisolated(unsafe) let pointer: OpenSSL.Pointer

    /// A client's: trusts the given authorities or the system's, and demands HTTP/2.
    ///
    /// The system's are where OpenSSL was built to look, or where SSL_CERT_FILE and SSL_CERT_DIR say.
    convenience init(client settings: TLSSettings) throws(TLSFailure) {
        try self.init(isServer: false)
        openSSL.setVerify(pointer, OpenSSLConstant.verifyPeer, nil)
        if let file = settings.certificateFile {
            try trust(file)
        } else {
            try require(openSSL.setDefaultVerifyPaths(pointer) == 1, "the system's certificates cannot be used")
        }
        switch (settings.clientCertificateFile, settings.clientKeyFile) {
        case (let certificate?, let key?): try show(certificate: certificate, key: key)
        case (let certificate?, nil):
            throw TLSFailure("the client certificate \(certificate) is given without its key; give both or neither")
        case (nil, let key?):
            throw TLSFailure("the client key \(key) is given without its certificate; give both or neither")
        case (nil, nil): break
        }
        let protocols = Self.http2
        // Unlike everything else this returns 0 for success.
        try require(openSSL.offerProtocols(pointer, protocols, UInt32(protocols.count)) == 0, "ALPN cannot be set up")
    }

    /// A server's.
    convenience init(server settings: TLSServerSettings) throws(TLSFailure) {
        try self.init(isServer: true)
        try show(certificate: settings.certificateFile, key: settings.keyFile)
        if let file = settings.clientAuthoritiesFile {
            openSSL.setVerify(pointer, OpenSSLConstant.verifyPeer | OpenSSLConstant.requireCertificate, nil)
            try trust(file)
        }
        if settings.choosesHTTP2 { openSSL.setProtocolCallback(pointer, Self.chooseHTTP2, nil) }
        // Nothing is resumed: our clients reconnect rarely, and a session would need a context of its own.
        _ = openSSL.controlContext(
            pointer,
            OpenSSLConstant.setSessionCacheMode,
            OpenSSLConstant.sessionCacheOff,
            nil
        )
        _ = openSSL.setTicketCount(pointer, 0)
    }

    private init(isServer: Bool) throws(TLSFailure) {
        openSSL = try OpenSSL.shared.get()
        openSSL.clearErrors()
        guard let made = openSSL.newContext(isServer ? openSSL.serverMethod() : openSSL.clientMethod()) else {
            throw TLSFailure("OpenSSL makes no context: \(openSSL.nextErrorText)")
        }
        pointer = made
        let minimum = openSSL.controlContext(
            made,
            OpenSSLConstant.setMinimumVersion,
            OpenSSLConstant.version12,
            nil
        )
        try require(minimum == 1, "OpenSSL has no TLS 1.2")
        _ = openSSL.setOptions(made, OpenSSLConstant.noRenegotiation | OpenSSLConstant.noCompression)
        // Without this the password of a key would be asked for on the terminal.
        openSSL.setPasswordCallback(made) { _, _, _, _ in -1 }
    }

    deinit { openSSL.freeContext(pointer) }

    private func trust(_ file: String) throws(TLSFailure) {
        try PEMFile.check(file, as: .authorities)
        try require(
            openSSL.loadVerifyFile(pointer, file) == 1,
            "\(PEMFile.Role.authorities.name) \(file) cannot be used"
        )
        // Whatever the file names is trusted, be it an authority below the root: as gRPC and Go have it.
        _ = openSSL.setParameterFlags(openSSL.contextParameters(pointer), OpenSSLConstant.partialChain)
    }

    private func show(certificate: String, key: String) throws(TLSFailure) {
        try PEMFile.check(certificate, as: .certificate)
        try PEMFile.check(key, as: .key)
        try require(
            openSSL.useCertificateChain(pointer, certificate) == 1,
            "\(PEMFile.Role.certificate.name) \(certificate) cannot be used"
        )
        guard openSSL.usePrivateKey(pointer, key, OpenSSLConstant.filePEM) == 1,
            openSSL.checkPrivateKey(pointer) == 1
        else {
            throw TLSFailure("the key \(key) does not fit the certificate \(certificate): \(openSSL.nextErrorText)")
        }
    }

    private func require(_ isDone: Bool, _ problem: String) throws(TLSFailure) {
        guard isDone else { throw TLSFailure("\(problem): \(openSSL.nextErrorText)") }
    }

    /// ALPN's list form of the one protocol (RFC 7301 section 3.1, RFC 9113 section 3.2).
    static let http2: [UInt8] = [2] + Array("h2".utf8)

    /// Points into the client's own list, as OpenSSL allows.
    private static let chooseHTTP2: OpenSSL.ProtocolCallback = { _, chosen, chosenLength, offered, length, _ in
        guard let offered, let chosen, let chosenLength else { return OpenSSLConstant.noProtocolInCommon }
        var place = 0
        while place < Int(length) {
            let size = Int(offered[place])
            guard place + size < Int(length) else { break }
            if size == 2, offered[place + 1] == UInt8(ascii: "h"), offered[place + 2] == UInt8(ascii: "2") {
                chosen.pointee = offered + place + 1
                chosenLength.pointee = 2
                return OpenSSLConstant.protocolChosen
            }
            place += 1 + size
        }
        return OpenSSLConstant.noProtocolInCommon
    }
}
