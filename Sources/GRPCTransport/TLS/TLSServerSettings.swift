/// What a TLS server shows and asks for: for tests, and for `watch`.
package struct TLSServerSettings: Sendable, Hashable {
    /// The server's certificate and its chain, PEM.
    package var certificateFile: String

    /// Its private key, PEM, without a passphrase.
    package var keyFile: String

    /// If given, a client must show a certificate of one of these authorities.
    package var clientAuthoritiesFile: String?

    /// Whether HTTP/2 is chosen by ALPN; a server that is off here is one that no gRPC client may talk to.
    package var choosesHTTP2: Bool

    package init(
        certificateFile: String,
        keyFile: String,
        clientAuthoritiesFile: String? = nil,
        choosesHTTP2: Bool = true
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientAuthoritiesFile = clientAuthoritiesFile
        self.choosesHTTP2 = choosesHTTP2
    }
}
