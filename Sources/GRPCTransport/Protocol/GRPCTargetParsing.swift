extension GRPCTarget {
    /// The schemes with a host and a port after them, and what they say of TLS.
    private static let networkSchemes: [(prefix: String, usesTLS: Bool?)] = [
        ("https://", true), ("http://", false), ("dns:///", nil), ("dns:", nil),
    ]

    private static let forms = "give https://host:port, http://host:port, host:port or unix:/path"

    /// Reads `https://host:port`, `http://host:port`, `host:port`, `host`, `[::1]:4317`, `::1`, and gRPC's
    /// `dns:///host:port`, `unix:path`, `unix:///path` and `unix-abstract:name`.
    ///
    /// A trailing slash is allowed, a path is not: gRPC's paths are its method names. Without a port it is 4317, with
    /// TLS too.
    package init(parsing text: String) throws(GRPCConfigurationError) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        if scheme == "unix" || scheme == "unix-abstract", text.count > scheme.count {
            self.init(try Self.unixPlace(text, isAbstract: scheme != "unix"))
            return
        }
        let (rest, usesTLS) = try Self.withoutScheme(text)
        let (host, port) = try Self.split(rest, of: text)
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isAllowedInHost) else {
            throw GRPCConfigurationError(
                .invalidTarget,
                "'\(text)' names no usable host; give host:port, such as localhost:4317, in plain ASCII"
            )
        }
        self.init(host: host, port: port, usesTLS: usesTLS)
    }

    private static func unixPlace(_ text: String, isAbstract: Bool) throws(GRPCConfigurationError) -> Place {
        var name = text[...].drop { $0 != ":" }.dropFirst()
        let isURL = name.hasPrefix("//")
        if isURL { name = name.dropFirst(2) }
        let limit = isAbstract ? SocketAddress.longestAbstractName : SocketAddress.longestSocketPath
        let problem: String? =
            if name.isEmpty || name.utf8.contains(0) {
                "names no socket; give unix:/path or unix:///path"
            } else if isURL, !name.hasPrefix("/") || isAbstract {
                // gRPC, too, takes no authority here: `unix://run/x` would look for the host `run`.
                "has two slashes; give unix:path, or unix:///path with an absolute path"
            } else if name.utf8.count > limit {
                "is too long for a Unix socket: \(name.utf8.count) bytes, and the system takes \(limit)"
            } else {
                nil
            }
        if let problem { throw GRPCConfigurationError(.invalidTarget, "'\(text)' \(problem)") }
        return isAbstract ? .abstract(name: String(name)) : .unix(path: String(name))
    }

    private static func withoutScheme(
        _ text: String
    ) throws(GRPCConfigurationError) -> (rest: Substring, usesTLS: Bool?) {
        let lowercased = text.lowercased()
        var rest = text[...]
        var usesTLS: Bool?
        if let scheme = networkSchemes.first(where: { lowercased.hasPrefix($0.prefix) }) {
            rest = rest.dropFirst(scheme.prefix.count)
            usesTLS = scheme.usesTLS
        } else if text.contains("://") {
            throw GRPCConfigurationError(
                .unsupportedScheme,
                "'\(text)' has a scheme that gRPC does not know; \(forms)"
            )
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains(where: { "/?#@".contains($0) }) else {
            throw GRPCConfigurationError(
                .invalidTarget,
                "'\(text)' has more than a host and a port; \(forms)"
            )
        }
        return (rest, usesTLS)
    }

    private static func split(
        _ place: Substring,
        of text: String
    ) throws(GRPCConfigurationError) -> (host: String, port: UInt16) {
        var host = place
        var port: Substring?
        if place.hasPrefix("["), let bracket = place.firstIndex(of: "]") {
            host = place[place.index(after: place.startIndex)..<bracket]
            let rest = place[place.index(after: bracket)...]
            guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else {
                throw GRPCConfigurationError(.invalidTarget, "'\(text)' is not of the form [IPv6 address]:port")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = place.firstIndex(of: ":"), colon == place.lastIndex(of: ":") {
            // Two colons or more and no brackets: an IPv6 address without a port.
            host = place[..<colon]
            port = place[place.index(after: colon)...]
        }
        guard let port else { return (String(host), defaultPort) }
        guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw GRPCConfigurationError(.invalidTarget, "'\(text)' has no port between 1 and 65535 after the colon")
        }
        return (String(host), number)
    }

    private static func isAllowedInHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "%"): true
        default: false
        }
    }
}
