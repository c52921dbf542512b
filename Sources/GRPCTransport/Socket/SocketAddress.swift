internal import Glibc

/// An IPv4 or IPv6 address with its port, or a Unix socket's name, in the kernel's form.
struct SocketAddress: Sendable, Hashable {
    let family: Int32
    private let bytes: [UInt8]

    init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes {
            body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }

    /// The addresses of `target`, in the order in which they should be tried.
    ///
    /// With `numericOnly` nothing is looked up, so it cannot block. Without, it may take as long as the system's
    /// resolver takes.
    /// - Throws: The resolver's own words.
    static func resolve(_ target: GRPCTarget, numericOnly: Bool) throws(ResolutionFailure) -> [SocketAddress] {
        let host: String
        let port: UInt16
        switch target.place {
        case .unix(let path): return [unix(Array(path.utf8) + [0])]
        case .abstract(let name): return [unix([0] + Array(name.utf8))]
        case .network(let name, let number): (host, port) = (name, number)
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (numericOnly ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &list)
        guard result == 0 else {
            let reason = result == EAI_SYSTEM ? SystemError.last.description : String(cString: gai_strerror(result))
            throw ResolutionFailure(reason: reason)
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { entry in
            guard let info = entry?.pointee, let address = info.ai_addr else { return nil }
            let raw = UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen))
            return SocketAddress(family: info.ai_family, bytes: Array(raw))
        }
    }

    /// `sun_path` with its terminating zero byte.
    static let longestSocketPath = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size - 1

    /// `sun_path` with the zero byte before the name.
    static let longestAbstractName = longestSocketPath

    /// The length counts: an abstract name ends where the address does (unix(7)).
    private static func unix(_ path: [UInt8]) -> SocketAddress {
        let family = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
        return SocketAddress(family: AF_UNIX, bytes: family + path)
    }
}

/// A name that the system's resolver did not know, in the resolver's words.
struct ResolutionFailure: Error, Sendable, Hashable {
    let reason: String
}
