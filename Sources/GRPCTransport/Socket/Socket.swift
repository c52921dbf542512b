internal import Glibc

/// Owns one non-blocking TCP socket, which is closed with the last reference.
///
/// Belongs to one thread.
final class Socket: ByteStream {
    let descriptor: Int32

    private init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// A socket that is on its way to `address`: it becomes writable once `connectionError` tells how that went.
    static func connecting(to address: SocketAddress) throws(SystemError) -> Socket {
        let socket = try make(family: address.family)
        let result = address.withPointer { Glibc.connect(socket.descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw SystemError.last }
        return socket
    }

    static func listening(on address: SocketAddress) throws(SystemError) -> Socket {
        let socket = try make(family: address.family)
        try socket.setOption(SOL_SOCKET, SO_REUSEADDR)
        guard address.withPointer({ Glibc.bind(socket.descriptor, $0, $1) }) == 0 else { throw SystemError.last }
        guard Glibc.listen(socket.descriptor, 128) == 0 else { throw SystemError.last }
        return socket
    }

    private static func make(family: Int32) throws(SystemError) -> Socket {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0 else { throw SystemError.last }
        let socket = Socket(owning: descriptor)
        if family != AF_UNIX { try socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY) }
        return socket
    }

    /// The next connection that waits, or `nil` if none does (any more).
    func accept() -> Socket? {
        // Swift's Glibc module has no accept4.
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        let socket = Socket(owning: accepted)
        guard fcntl(accepted, F_SETFL, O_NONBLOCK) == 0, fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0 else { return nil }
        // Without this option the connection is slower, not wrong.
        try? socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY)
        return socket
    }

    /// Why the connection could not be made; `nil` if it was.
    var connectionError: SystemError? {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return SystemError.last }
        return code == 0 ? nil : SystemError(code: code)
    }

    /// The port that the kernel chose for a socket bound to port 0.
    var localPort: UInt16? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard result == 0 else { return nil }
        // `sin_port` and `sin6_port` lie at the same place.
        return withUnsafeBytes(of: &storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    // MARK: ByteStream

    var isEncrypted: Bool { false }

    var isEstablished: Bool { true }

    var hasUnsentBytes: Bool { false }

    func handshake() -> HandshakeProgress { .complete }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        return count == 0 ? .endOfStream : transfer(count)
    }

    func write(_ slices: [ArraySlice<UInt8>]) -> Transfer {
        var vectors: [iovec] = []
        return slices.isEmpty ? .bytes(0) : gather(slices.prefix(Self.slicesPerWrite), &vectors)
    }

    /// Sends a part of `bytes`; never raises SIGPIPE.
    func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        transfer(send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
    }

    /// More slices than this are more than a socket takes at once; the kernel allows 1,024.
    private static let slicesPerWrite = 64

    /// Lends all slices to one `sendmsg`: each call adds one to the vectors, the innermost one sends.
    private func gather(_ slices: ArraySlice<ArraySlice<UInt8>>, _ vectors: inout [iovec]) -> Transfer {
        guard let slice = slices.first else {
            return vectors.withUnsafeMutableBufferPointer { vectors in
                var message = msghdr()
                message.msg_iov = vectors.baseAddress
                message.msg_iovlen = vectors.count
                return transfer(sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)))
            }
        }
        return slice.withUnsafeBytes { bytes in
            vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
            return gather(slices.dropFirst(), &vectors)
        }
    }

    private func transfer(_ count: Int) -> Transfer {
        guard count < 0 else { return .bytes(count) }
        let error = SystemError.last
        let isTemporary = error.code == EAGAIN || error.code == EWOULDBLOCK || error.code == EINTR
        return isTemporary ? .wouldBlock : .failed(error.description)
    }

    private func setOption(_ level: Int32, _ name: Int32) throws(SystemError) {
        var on: Int32 = 1
        let result = setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size))
        guard result == 0 else { throw SystemError.last }
    }
}
