internal import CZlib

/// gzip for whole messages; gRPC compresses each one by itself.
///
/// Specification: RFC 1952; grpc `doc/compression.md`.
enum Gzip {
    enum Failure: Error, Hashable {
        /// The bytes are not gzip, or end too early, or go on after the end.
        case corrupt
        /// What they stand for has more than the allowed number of bytes; no more than that was ever allocated.
        case tooLarge
    }

    /// zlib's window of 32 KiB, and 16 to ask for gzip's header in place of zlib's own.
    private static let gzipWindowBits: Int32 = 15 + 16

    /// What zlib uses when it is not told.
    private static let memoryLevel: Int32 = 8

    /// `nil` if the message does not get smaller.
    ///
    /// At the fastest level: telemetry repeats itself so much that the others gain little.
    static func compress(_ message: ArraySlice<UInt8>) -> [UInt8]? {
        guard message.count > 1, UInt32(exactly: message.count) != nil else { return nil }
        var stream = z_stream()
        // zlib keeps the address of its stream, so all of it happens inside of one loan.
        return withUnsafeMutablePointer(to: &stream) { stream in
            let size = Int32(MemoryLayout<z_stream>.size)
            let begun = deflateInit2_(
                stream,
                Z_BEST_SPEED,
                Z_DEFLATED,
                gzipWindowBits,
                memoryLevel,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size
            )
            guard begun == Z_OK else { return nil }
            defer { deflateEnd(stream) }
            let room = message.count - 1
            var isComplete = false
            let compressed = [UInt8](unsafeUninitializedCapacity: room) { output, count in
                message.withUnsafeBytes { input in
                    stream.lend(input: input, output: UnsafeMutableRawBufferPointer(output))
                    isComplete = deflate(stream, Z_FINISH) == Z_STREAM_END
                }
                count = room - Int(stream.pointee.avail_out)
            }
            return isComplete ? compressed : nil
        }
    }

    /// Allocates as the output grows, and never more than about twice `limit`.
    static func decompress(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let result = withUnsafeMutablePointer(to: &stream) { stream in
            inflateAll(bytes, limit: limit, stream)
        }
        return try result.get()
    }

    private static func inflateAll(
        _ bytes: [UInt8],
        limit: Int,
        _ stream: UnsafeMutablePointer<z_stream>
    ) -> Result<[UInt8], Failure> {
        guard inflateInit2_(stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return .failure(.corrupt)
        }
        defer { inflateEnd(stream) }
        var message: [UInt8] = []
        var used = 0
        while true {
            // One byte more than is allowed tells too much from just enough.
            let room = min(max(1_024, 2 * message.count, 4 * bytes.count), limit + 1 - message.count)
            guard room > 0 else { return .failure(.tooLarge) }
            var result = Z_OK
            let part = [UInt8](unsafeUninitializedCapacity: room) { output, count in
                bytes[used...].withUnsafeBytes { input in
                    stream.lend(input: input, output: UnsafeMutableRawBufferPointer(output))
                    result = inflate(stream, Z_NO_FLUSH)
                    used = bytes.count - Int(stream.pointee.avail_in)
                }
                count = room - Int(stream.pointee.avail_out)
            }
            if message.isEmpty { message = part } else { message += part }
            switch result {
            case Z_STREAM_END where used < bytes.count: return .failure(.corrupt)
            case Z_STREAM_END: return message.count > limit ? .failure(.tooLarge) : .success(message)
            case Z_OK: continue
            // Among them Z_BUF_ERROR: there is no more input.
            default: return .failure(.corrupt)
            }
        }
    }
}

extension UnsafeMutablePointer<z_stream> {
    /// Valid until the closure ends that lent the buffers.
    fileprivate func lend(input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) {
        pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        pointee.avail_in = UInt32(input.count)
        pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        pointee.avail_out = UInt32(output.count)
    }
}
