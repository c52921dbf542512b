internal import Glibc

/// Looks at a PEM file before OpenSSL does, whose own complaints name neither the file nor the way out.
enum PEMFile {
    private static let limit = 16 * 1_024 * 1_024

    /// What a file is for, and what it must have.
    enum Role {
        case authorities
        case certificate
        case key

        var name: String {
            switch self {
            case .authorities: "the file of trusted certificates"
            case .certificate: "the certificate file"
            case .key: "the key file"
            }
        }

        fileprivate var label: String { self == .key ? "PRIVATE KEY-----" : "CERTIFICATE-----" }
    }

    /// Throws if the file cannot be read, has nothing for this role, or has a key with a passphrase.
    static func check(_ path: String, as role: Role) throws(TLSFailure) {
        let text: [UInt8]
        do throws(SystemError) {
            text = try read(path)
        } catch {
            throw TLSFailure("\(role.name) \(path) cannot be read: \(error)")
        }
        var hasLabel = false
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where line.count < 80 {
            let line = String(decoding: line, as: UTF8.self)
            if line.hasPrefix("-----BEGIN "), line.hasSuffix(role.label) { hasLabel = true }
            if role == .key, line.contains("ENCRYPTED") {
                throw TLSFailure(
                    "\(role.name) \(path) is encrypted, and nobody is there to be asked for its passphrase; give a key "
                        + "without one (openssl pkey -in \(path) -out NEW)"
                )
            }
        }
        guard hasLabel else {
            throw TLSFailure("\(role.name) \(path) has no line '-----BEGIN … \(role.label)'; it must be PEM")
        }
    }

    private static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError.last }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while text.count < limit {
            let count = Glibc.read(descriptor, &part, part.count)
            guard count >= 0 else { throw SystemError.last }
            guard count > 0 else { break }
            text += part[..<count]
        }
        return text
    }
}
