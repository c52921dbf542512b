/// Checksums of what lies on disk.
enum Checksum {
    /// 64 bits over words of 8 bytes, the last filled with zeros, and the length.
    ///
    /// Each step is a bijection of the state for a given word, so that damage within one word is always noticed, and any
    /// other with a chance of 2^-64 to be overlooked. Some 20 times as fast as ``crc32(_:)``; it keeps out accidents, not
    /// attackers.
    static func mixed(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe mixed($0) }
    }

    @unsafe static func mixed(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        func mix(_ word: UInt64) {
            state = (state ^ word) &* 0xD6E8_FEB8_6659_FD93
            state ^= state >> 32
        }
        let whole = bytes.count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            mix(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        var rest: UInt64 = 0
        for place in whole..<bytes.count { rest |= UInt64(unsafe bytes[place]) << UInt64((place - whole) * 8) }
        mix(rest)
        return state
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    /// The checksum of zlib and Ethernet (reflected polynomial EDB88320), which the spool's first form has.
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }
}
