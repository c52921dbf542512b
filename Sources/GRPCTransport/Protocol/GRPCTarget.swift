/// Where a gRPC server listens.
package struct GRPCTarget: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address; an IPv6 address stands here without its brackets.
    package let host: String
    package let port: UInt16

    /// OTLP/gRPC's own port, taken where the target names none.
    package static let defaultPort: UInt16 = 4317

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `host:port` as `:authority` wants it, an IPv6 address in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads `http://host:port`, `host:port`, `host`, `[::1]:4317`, `::1` and gRPC's `dns:///host:port`.
    ///
    /// A trailing slash is allowed, a path is not: gRPC's paths are its method names. TLS (`https://`) and `unix:`
    /// are refused with the way out.
    /// Specification: OpenTelemetry `protocol/exporter.md`, Endpoint; grpc `doc/naming.md`.
    package init(parsing text: String) throws(GRPCConfigurationError) {
        let place = try Self.withoutScheme(text)
        let (host, port) = try Self.split(place, of: text)
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isAllowedInHost) else {
            throw GRPCConfigurationError(
                .invalidTarget,
                "'\(text)' names no usable host; give host:port, such as localhost:4317, in plain ASCII"
            )
        }
        self.init(host: host, port: port)
    }

    private static func withoutScheme(_ text: String) throws(GRPCConfigurationError) -> Substring {
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("https://") {
            throw GRPCConfigurationError(
                .unsupportedScheme,
                "'\(text)' asks for TLS, which is not built in yet; "
                    + "give http://host:port of a collector on this machine, which can forward over TLS"
            )
        }
        if lowercased.hasPrefix("unix:") {
            throw GRPCConfigurationError(
                .unsupportedScheme,
                "'\(text)' is a Unix socket, which is not built in yet; give http://host:port"
            )
        }
        var rest = text[...]
        if let scheme = ["http://", "dns:///", "dns:"].first(where: lowercased.hasPrefix) {
            rest = rest.dropFirst(scheme.count)
        } else if text.contains("://") {
            throw GRPCConfigurationError(
                .unsupportedScheme,
                "'\(text)' has a scheme that gRPC does not know; give http://host:port"
            )
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains(where: { "/?#@".contains($0) }) else {
            throw GRPCConfigurationError(
                .invalidTarget,
                "'\(text)' has more than a host and a port; gRPC takes just http://host:port"
            )
        }
        return rest
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
