import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Just enough HTTP over a socket for the example; a real server brings its own.
final class Listener: Sendable {
    struct Failure: Error {
        var call: String
        var code: Int32
    }

    let port: UInt16
    let connections: AsyncStream<Connection>

    private let descriptor: Int32

    init(port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard isBound else { throw Failure(call: "bind", code: errno) }
        self.descriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
        let (connections, continuation) = AsyncStream.makeStream(of: Connection.self)
        self.connections = connections
        // accept() waits, so it has a thread of its own.
        DispatchQueue(label: "accept").async {
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else { break }
                continuation.yield(Connection(descriptor: accepted))
            }
            continuation.finish()
        }
    }

    /// Wakes accept(), which then finds nothing to accept.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    deinit {
        _ = Glibc.close(descriptor)
    }
}

struct Request {
    var method: String
    var path: String
    var headers: [String: String] = [:]
    var body: String
}

/// One request, one reply.
final class Connection: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Nil for what is not HTTP; small requests only, which arrive at once.
    func readRequest() -> Request? {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        let head = lines.dropFirst().prefix { !$0.isEmpty }
        let body = lines.dropFirst(head.count + 2).joined(separator: "\r\n")
        var request = Request(method: String(words[0]), path: String(words[1]), body: body)
        for line in head {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            request.headers[line[..<colon].lowercased()] = String(value)
        }
        return request
    }

    func reply(_ status: Int) {
        let text = "HTTP/1.1 \(status) -\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        _ = text.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }
}

enum StandardError {
    static func write(_ line: String) {
        _ = (line + "\n").withCString { Glibc.write(2, $0, strlen($0)) }
    }
}
