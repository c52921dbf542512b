import CollectorTestKit
import FoundationEssentials
import Testing

@testable import GRPCTransport

@Suite("The files of TLS")
struct TLSFileTests {
    private func failure(_ settings: TLSSettings) -> String {
        do throws(TLSFailure) {
            _ = try TLSContext(client: settings)
            return "none"
        } catch {
            return error.reason
        }
    }

    @Test("A file that cannot be read is named with the reason")
    func unreadable() throws {
        let good = try TestCertificates.shared().client(showing: "client")
        let paths = [("/no/such/file", "No such file or directory"), ("/tmp", "Is a directory")]
        let fields: [(WritableKeyPath<TLSSettings, String?>, String)] = [
            (\.certificateFile, "the file of trusted certificates"), (\.clientCertificateFile, "the certificate file"),
            (\.clientKeyFile, "the key file"),
        ]
        for (path, reason) in paths {
            for (field, name) in fields {
                var settings = good
                settings[keyPath: field] = path
                #expect(failure(settings) == "\(name) \(path) cannot be read: \(reason)")
            }
        }
    }

    @Test("A file of another kind is named with what it lacks")
    func wrongKind() throws {
        let certificates = try TestCertificates.shared()
        var settings = certificates.client(showing: "client")
        settings.clientKeyFile = certificates.path("client.pem")
        #expect(failure(settings).contains("client.pem has no line '-----BEGIN … PRIVATE KEY-----'"))
        settings = TLSSettings(certificateFile: certificates.path("client.key"))
        #expect(failure(settings).contains("client.key has no line '-----BEGIN … CERTIFICATE-----'"))
        settings = TLSSettings(certificateFile: "/dev/null")
        #expect(failure(settings).contains("/dev/null has no line '-----BEGIN … CERTIFICATE-----'"))
    }

    @Test("A damaged file is named with what OpenSSL says of it")
    func damaged() throws {
        let certificates = try TestCertificates.shared()
        let path = certificates.path("damaged.pem")
        let text = "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n"
        try Data(text.utf8).write(to: URL(filePath: path))
        let reason = failure(TLSSettings(certificateFile: path))
        #expect(reason.hasPrefix("the file of trusted certificates \(path) cannot be used: "), "\(reason)")
    }

    @Test("A key with a passphrase is refused, and nobody is asked for it")
    func encrypted() throws {
        let certificates = try TestCertificates.shared()
        var settings = certificates.client(showing: "client")
        settings.clientKeyFile = certificates.path("encrypted.key")
        #expect(failure(settings).contains("encrypted.key is encrypted"))
        #expect(failure(settings).contains("openssl pkey"))
    }

    @Test("A key that does not fit is named with its certificate", arguments: ["server.key", "rsa.key"])
    func mismatch(key: String) throws {
        let certificates = try TestCertificates.shared()
        var settings = certificates.client(showing: "client")
        settings.clientKeyFile = certificates.path(key)
        let certificate = certificates.path("client.pem")
        let expected = "the key \(certificates.path(key)) does not fit the certificate \(certificate): "
        #expect(failure(settings).hasPrefix(expected))
    }

    @Test("A certificate without a key, and a key without a certificate, are refused")
    func half() throws {
        let certificates = try TestCertificates.shared()
        let certificate = TLSSettings(clientCertificateFile: certificates.path("client.pem"))
        #expect(failure(certificate).contains("client.pem is given without its key"))
        let key = TLSSettings(clientKeyFile: certificates.path("client.key"))
        #expect(failure(key).contains("client.key is given without its certificate"))
    }

    @Test("A renewed file is taken at the next connection, and an old one is not read again")
    func renewed() throws {
        let certificates = try TestCertificates.shared()
        let path = certificates.path("renewed.pem")
        try FileManager.default.copyItem(atPath: certificates.path("other-authority.pem"), toPath: path)
        let source = TLSContextSource(TLSSettings(certificateFile: path))
        let first = try source.context()
        #expect(try source.context() === first)
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: TLSFailure.self) { try source.context() }
        try FileManager.default.copyItem(atPath: certificates.path("authority.pem"), toPath: path)
        let session = try TLSSession(client: source.context(), serverName: "localhost")
        #expect(try !session.handshake())
    }

    @Test("A library that is not there is named with the way out")
    func missingLibrary() {
        let failure = #expect(throws: TLSFailure.self) { try OpenSSLLibrary(opening: "libssl.so.99") }
        #expect(failure?.reason.contains("libssl.so.99") == true && failure?.reason.contains("libssl3") == true)
        let old = #expect(throws: TLSFailure.self) {
            let _: @convention(c) () -> Void = try OpenSSLLibrary(opening: "libssl.so.3").function("SSL_new_in_99")
        }
        #expect(old?.reason.contains("has no SSL_new_in_99") == true)
    }
}
