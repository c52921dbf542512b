import FoundationEssentials
package import GRPCTransport
import Glibc

/// The certificates of `Tests/Support/make_certificates.sh`, made once for the process and deleted at its end.
///
/// The script says what each file is.
package struct TestCertificates: Sendable {
    package let directory: String

    package static func shared() throws -> TestCertificates { try made.get() }

    private static let made = Result { try TestCertificates() }

    private init() throws {
        let pattern = FileManager.default.temporaryDirectory.path + "/test-certificates-XXXXXX"
        var bytes = pattern.utf8CString.map { $0 }
        guard mkdtemp(&bytes) != nil else { throw Failure(description: "cannot make \(pattern): errno \(errno)") }
        directory = String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        atexit {
            guard let made = try? TestCertificates.shared() else { return }
            try? FileManager.default.removeItem(atPath: made.directory)
        }
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        try Self.run(["/bin/bash", "/\(folder)/Support/make_certificates.sh", directory])
    }

    /// A file's path, such as `authority.pem`.
    package func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// A server that shows a certificate of this name, `server` being the good one.
    package func server(_ certificate: String = "server", clientAuthorities: String? = nil) -> TLSServerSettings {
        TLSServerSettings(
            certificateFile: path("\(certificate).pem"),
            keyFile: path("server.key"),
            clientAuthoritiesFile: clientAuthorities.map { path("\($0).pem") }
        )
    }

    /// A client that trusts an authority, and shows a certificate if one is named.
    package func client(trusting authority: String = "authority", showing certificate: String? = nil) -> TLSSettings {
        TLSSettings(
            certificateFile: path("\(authority).pem"),
            clientKeyFile: certificate.map { _ in path("client.key") },
            clientCertificateFile: certificate.map { path("\($0).pem") }
        )
    }

    private static func run(_ words: [String]) throws {
        var argv = words.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for text in argv + environment { free(text) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, words[0], nil, nil, &argv, &environment)
        guard result == 0 else { throw Failure(description: "cannot run \(words[0]): errno \(result)") }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child, status == 0 else {
            throw Failure(description: "\(words[1]) ended with status \(status); its complaint is above")
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
