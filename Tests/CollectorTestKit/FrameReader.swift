internal import Glibc

/// Takes a client's frames from a blocking descriptor, one after the other; header blocks stay as they are.
package struct FrameReader {
    package struct Frame: Sendable {
        /// `nil` for a type that `Frames.Kind` does not name.
        package var kind: Frames.Kind?
        package var flags: Frames.Flags
        package var stream: Int32
        package var payload: [UInt8]
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let descriptor: Int32

    /// Reads the client's preface; `nil` if it is not one.
    package init?(_ descriptor: Int32) {
        self.descriptor = descriptor
        guard read(Self.preface.count) == Self.preface else { return nil }
    }

    /// The next frame, or `nil` when the client has closed the connection.
    package func next() -> Frame? {
        guard let head = read(9) else { return nil }
        guard let payload = read(head[..<3].reduce(0) { $0 << 8 | Int($1) }) else { return nil }
        return Frame(
            kind: Frames.Kind(rawValue: head[3]),
            flags: Frames.Flags(rawValue: head[4]),
            stream: head[5...].reduce(0) { $0 << 8 | Int32($1) },
            payload: payload
        )
    }

    /// Reads on until the client has ended a stream, and returns its number.
    package func endOfRequest() -> Int32? {
        while let frame = next() {
            let hasEnd = frame.kind == .data || frame.kind == .headers
            if hasEnd, frame.flags.contains(.endStream) { return frame.stream }
        }
        return nil
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let result = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, count - filled)
            }
            guard result > 0 else { return nil }
            filled += result
        }
        return bytes
    }
}
