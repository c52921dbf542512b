import Glibc
import Testing

@testable import GRPCTransport

/// A listening socket with a script in place of a protocol: for peers that break every rule.
///
/// The script runs on a thread of its own for each connection in turn, with a blocking descriptor.
final class RawPeer: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let thread: WorkerThread

    init(_ script: @escaping @Sendable (_ connection: Int32) -> Void) throws {
        let loopback = try #require(
            try SocketAddress.resolve(GRPCTarget(host: "127.0.0.1", port: 0), numericOnly: true).first
        )
        let listener = try Socket.listening(on: loopback)
        port = try #require(listener.localPort)
        // A copy that blocks and that `shutdown` can wake.
        descriptor = dup(listener.descriptor)
        try #require(descriptor >= 0 && fcntl(descriptor, F_SETFL, 0) == 0)
        thread = try WorkerThread.start { [descriptor] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                script(connection)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        thread.join()
        close(descriptor)
    }

    var target: GRPCTarget { GRPCTarget(host: "127.0.0.1", port: port) }

    /// Reads until the other side closes.
    static func drain(_ connection: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(connection, &bytes, bytes.count) > 0 {}
    }

    /// Reads once, so that the client's preface has come.
    static func readOnce(_ connection: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        _ = read(connection, &bytes, bytes.count)
    }

    static func send(_ bytes: [UInt8], _ connection: Int32) {
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
