import ArgumentParser

/// Where a server listens: `HOST:PORT`, `[IPv6]:PORT`, or a port alone, which is one of loopback.
struct ListenAddress: Sendable, Equatable {
    /// A numeric address, without brackets.
    var host: String
    var port: UInt16

    /// Nil for anything else; `localhost` is 127.0.0.1, and port 0 lets the kernel choose.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let port = parts.last.flatMap({ UInt16($0) }) else { return nil }
        self.port = port
        var host = parts.dropLast().joined(separator: ":")
        if host.hasPrefix("["), host.hasSuffix("]"), host.contains(":") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(where: { ":[]".contains($0) }) {
            return nil
        }
        if parts.count > 1, host.isEmpty { return nil }
        self.host = host.isEmpty || host == "localhost" ? "127.0.0.1" : host
    }

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// As an exporter takes it.
    var url: String { host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)" }

    /// Whether machines other than this one can reach it.
    var isOpen: Bool { !host.hasPrefix("127.") && host != "::1" }
}

extension ListenAddress: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }

    var defaultValueDescription: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
