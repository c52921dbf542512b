/// Where a gRPC server listens, and whether the way there is encrypted.
///
/// Specification: grpc `doc/naming.md`; OpenTelemetry `protocol/exporter.md`, Endpoint.
package struct GRPCTarget: Sendable, Hashable, CustomStringConvertible {
    package enum Place: Sendable, Hashable {
        /// A name or an address; an IPv6 address stands here without its brackets.
        case network(host: String, port: UInt16)
        /// A Unix socket in the file system.
        case unix(path: String)
        /// A Unix socket with a name that no file bears (Linux).
        case abstract(name: String)
    }

    package let place: Place

    /// What the scheme says: `https` true, `http` false; `nil` if the caller's settings decide.
    package let usesTLS: Bool?

    /// OTLP/gRPC's own port, taken where the target names none.
    package static let defaultPort: UInt16 = 4317

    package init(_ place: Place, usesTLS: Bool? = nil) {
        self.place = place
        self.usesTLS = usesTLS
    }

    package init(host: String, port: UInt16, usesTLS: Bool? = nil) {
        self.init(.network(host: host, port: port), usesTLS: usesTLS)
    }

    /// The name that the server's certificate must bear; for a Unix socket `localhost`, as for `authority`.
    package var host: String { if case .network(let host, _) = place { host } else { "localhost" } }

    /// 0 for a Unix socket.
    package var port: UInt16 { if case .network(_, let port) = place { port } else { 0 } }

    package var isUnixSocket: Bool { if case .network = place { false } else { true } }

    /// The value of `:authority`: `host:port`, an IPv6 address in brackets, or `localhost` for a Unix socket.
    package var authority: String {
        guard case .network(let host, let port) = place else { return "localhost" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// For messages: like `authority`, but a Unix socket by its path.
    package var description: String {
        switch place {
        case .network: authority
        case .unix(let path): "unix:\(path)"
        case .abstract(let name): "unix-abstract:\(name)"
        }
    }
}
