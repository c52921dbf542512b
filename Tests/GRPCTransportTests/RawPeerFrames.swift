import CollectorTestKit
import Glibc

extension RawPeer {
    /// The next frame of HTTP/2; the client's preface, which comes before the first one, is passed over.
    static func frame(_ connection: Int32) -> (type: UInt8, payload: [UInt8])? {
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        guard var head = bytes(9, connection) else { return nil }
        if preface.starts(with: head) {
            guard bytes(preface.count - 9, connection) != nil, let next = bytes(9, connection) else { return nil }
            head = next
        }
        let size = head[..<3].reduce(0) { $0 << 8 | Int($1) }
        return bytes(size, connection).map { (head[3], $0) }
    }

    private static func bytes(_ count: Int, _ connection: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let part = bytes[got...].withUnsafeMutableBytes { read(connection, $0.baseAddress, $0.count) }
            guard part > 0 else { return nil }
            got += part
        }
        return bytes
    }
}
