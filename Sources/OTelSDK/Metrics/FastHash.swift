/// A hash for looking series up: a few multiplications a string, where the standard library's would cost the most of it.
///
/// The seed differs between processes, so that nobody can prepare attributes that collide.
enum FastHash {
    static let seed = UInt64.random(in: 1 ... .max)

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    static func pair(_ key: String, _ value: OTelAttributes.Value, _ seed: UInt64) -> UInt64 {
        let key = string(key, seed)
        switch value {
        case .string(let value): return mix(key ^ 1, string(value, seed))
        case .int(let value): return mix(key ^ 2, seed ^ UInt64(bitPattern: Int64(value)))
        case .double(let value): return mix(key ^ 3, seed ^ value.bitPattern)
        case .bool(let value): return mix(key ^ 4, value ? factor : seed)
        }
    }

    /// Equal for equal bytes; strings that are only canonically equivalent count as different.
    private static func string(_ value: String, _ seed: UInt64) -> UInt64 {
        let hash = unsafe value.utf8.withContiguousStorageIfAvailable { utf8 in
            unsafe bytes(UnsafeRawBufferPointer(utf8), seed)
        }
        return unsafe hash ?? Array(value.utf8).withUnsafeBytes { unsafe bytes($0, seed) }
    }

    private static func bytes(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
        let count = bytes.count
        var hash = seed ^ UInt64(truncatingIfNeeded: count)
        func word(_ offset: Int) -> UInt64 { unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        func half(_ offset: Int) -> UInt64 {
            UInt64(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        if count >= 8 {
            var offset = 0
            while offset + 8 < count {
                hash = mix(hash ^ word(offset), factor)
                offset += 8
            }
            return mix(hash ^ word(count - 8), factor)
        }
        if count >= 4 { return mix(hash ^ (half(0) << 32 | half(count - 4)), factor) }
        guard count > 0 else { return hash }
        let (first, middle, last) = unsafe (UInt64(bytes[0]), UInt64(bytes[count / 2]), UInt64(bytes[count - 1]))
        return mix(hash ^ (first << 16 | middle << 8 | last), factor)
    }

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}
