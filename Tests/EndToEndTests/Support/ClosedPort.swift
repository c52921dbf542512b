import Foundation

/// A port on loopback that refuses every connection, and that nobody else can take meanwhile: bound, but not listening.
final class ClosedPort: Sendable {
    struct Unavailable: Error {}

    /// One for all that want no collector.
    static var shared: ClosedPort { get throws { try common.get() } }

    private static let common = Result { try ClosedPort() }

    let number: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Unavailable() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, size) | getsockname(descriptor, pointer, &size)
            }
        }
        guard result == 0 else { throw Unavailable() }
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    var url: String { "http://127.0.0.1:\(number)" }
}
