internal import Dispatch
package import GRPCTransport
internal import Glibc

/// A listening socket with a script in place of a protocol: for peers that break every rule.
///
/// The script runs on a thread of its own for each connection in turn, with a blocking descriptor.
package final class RawPeer: Sendable {
    package struct CannotListen: Error, CustomStringConvertible {
        package let description = "cannot listen on a port of 127.0.0.1"
    }

    package let port: UInt16
    private let descriptor: Int32
    private let end = DispatchSemaphore(value: 0)

    package init(_ script: @escaping @Sendable (_ connection: Int32) -> Void) throws(CannotListen) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard result else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
        // A queue of its own: the script may block for as long as the test lasts.
        DispatchQueue(label: "RawPeer").async { [descriptor, end] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                script(connection)
                close(connection)
            }
            end.signal()
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        end.wait()
        close(descriptor)
    }

    package var target: GRPCTarget { GRPCTarget(host: "127.0.0.1", port: port) }

    /// Reads until the other side closes.
    package static func drain(_ connection: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(connection, &bytes, bytes.count) > 0 {}
    }

    /// Reads once, so that the client's preface has come.
    package static func readOnce(_ connection: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        _ = read(connection, &bytes, bytes.count)
    }

    /// Writes all of it, unless the other side is gone.
    package static func send(_ bytes: [UInt8], _ connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
