/// A fast checksum of an extent, against torn pages and damaged files, not against malice: words multiplied and folded.
enum RecordChecksum {
    static func of(_ extent: Extent) -> UInt64 {
        of(UnsafeRawBufferPointer(start: extent.base, count: extent.used), id: extent.id, index: extent.index)
    }

    /// Of the bytes in use, the header included, a whole number of words.
    static func of(_ bytes: UnsafeRawBufferPointer, id: UInt64, index: UInt16) -> UInt64 {
        var first = id ^ 0x9E37_79B9_7F4A_7C15
        var second = UInt64(index) << 32 ^ UInt64(bytes.count) ^ 0xD6E8_FEB8_6659_FD93
        var offset = Extent.headerSize
        // Two lanes, as a multiplication takes longer than the next load.
        while offset + 16 <= bytes.count {
            first = fold(first ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            second = fold(second ^ bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            offset += 16
        }
        if offset + 8 <= bytes.count {
            first = fold(first ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        return fold(first ^ second.byteSwapped)
    }

    static func fold(_ value: UInt64) -> UInt64 {
        let (high, low) = (value | 1).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return high ^ low ^ value
    }
}
