/// The PEM files of a TLS connection; `nil` takes the system's authorities, and shows no client certificate.
package struct TLSSettings: Sendable, Hashable {
    /// The authorities that are trusted in place of the system's.
    package var certificateFile: String?

    /// The client's private key, for mutual TLS.
    package var clientKeyFile: String?

    /// The client's certificate and its chain, for mutual TLS.
    package var clientCertificateFile: String?

    package init(
        certificateFile: String? = nil,
        clientKeyFile: String? = nil,
        clientCertificateFile: String? = nil
    ) {
        self.certificateFile = certificateFile
        self.clientKeyFile = clientKeyFile
        self.clientCertificateFile = clientCertificateFile
    }
}
