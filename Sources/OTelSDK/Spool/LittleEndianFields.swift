/// Numbers as the spool's files have them: little-endian, no alignment.
extension [UInt8] {
    mutating func append(littleEndian number: some FixedWidthInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension ArraySlice<UInt8> {
    /// The number in so many bytes after the given count from the start; the bytes must be there.
    func number(at place: Int, bytes: Int) -> UInt64 {
        self[startIndex + place..<startIndex + place + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
