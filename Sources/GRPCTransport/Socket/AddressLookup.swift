internal import Synchronization

/// Finds the addresses of a target without ever blocking the poll loop.
///
/// `getaddrinfo` cannot be interrupted and may take many seconds, while deadlines and `close()` must hold. So a name is
/// looked up on a thread of its own, which nobody waits for: it holds this object and a `Wakeup`, and nothing else.
final class AddressLookup: Sendable {
    private let result = Mutex<Result<[SocketAddress], ResolutionFailure>?>(nil)

    /// The answer, once it is there.
    var outcome: Result<[SocketAddress], ResolutionFailure>? { result.withLock { $0 } }

    /// Addresses and `localhost` (RFC 6761: always loopback) are answered at once; else `wakeup` tells when to look.
    static func start(_ target: GRPCTarget, wakeup: Wakeup) -> AddressLookup {
        let lookup = AddressLookup()
        if let known = immediate(target) {
            lookup.result.withLock { $0 = .success(known) }
            return lookup
        }
        do throws(SystemError) {
            try WorkerThread.start {
                let addresses = Result { () throws(ResolutionFailure) in
                    try SocketAddress.resolve(target, numericOnly: false)
                }
                lookup.result.withLock { $0 = addresses }
                wakeup.signal()
            }
            .detach()
        } catch {
            lookup.result.withLock { $0 = .failure(ResolutionFailure(reason: error.description)) }
        }
        return lookup
    }

    private static func immediate(_ target: GRPCTarget) -> [SocketAddress]? {
        guard case .network(let host, let port) = target.place else {
            return try? SocketAddress.resolve(target, numericOnly: true)
        }
        let hosts = host.lowercased() == "localhost" ? ["127.0.0.1", "::1"] : [host]
        var addresses: [SocketAddress] = []
        for host in hosts {
            let numeric = GRPCTarget(host: host, port: port)
            guard let found = try? SocketAddress.resolve(numeric, numericOnly: true) else { return nil }
            addresses += found
        }
        return addresses
    }
}
