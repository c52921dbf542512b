/// The 16 bytes that name a trace, kept as two big-endian halves.
package struct TraceID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 lowercase hex digits, as `traceparent` has them (W3C Trace Context 3.2.2.3); nil for anything else.
    ///
    /// The all-zero id is read; ask ``isValid``.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 32 else { return nil }
        guard let high = HexDigits.value(of: hex.utf8.prefix(16)), let low = HexDigits.value(of: hex.utf8.dropFirst(16))
        else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lowercase hex digits.
    package var hex: String { HexDigits.string(high) + HexDigits.string(low) }

    /// False for the all-zero id, which the specification calls invalid.
    package var isValid: Bool { high != 0 || low != 0 }
}

extension TraceID: CustomStringConvertible {
    package var description: String { hex }
}
