/// 64-bit numbers as sixteen lowercase hex digits and back, without Foundation.
enum HexDigits {
    /// Sixteen lowercase digits, zeros in front included.
    static func string(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0xF
                buffer[index] = nibble < 10 ? nibble + 0x30 : nibble + 0x57
            }
            return 16
        }
    }

    /// The number that at most sixteen lowercase digits spell; nil if anything else is among them.
    static func value(of digits: some Sequence<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
            default: return nil
            }
        }
        return value
    }
}
