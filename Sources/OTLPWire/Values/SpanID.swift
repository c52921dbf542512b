/// The 8 bytes that name a span within its trace, kept as a big-endian number.
package struct SpanID: Sendable, Hashable {
    package var value: UInt64

    package init(value: UInt64) {
        self.value = value
    }

    /// Reads 16 lowercase hex digits, as `traceparent` has them (W3C Trace Context 3.2.2.4); nil for anything else.
    ///
    /// The all-zero id is read; ask ``isValid``.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 16, let value = HexDigits.value(of: hex.utf8) else { return nil }
        self.init(value: value)
    }

    /// 16 lowercase hex digits.
    package var hex: String { HexDigits.string(value) }

    /// False for the all-zero id, which the specification calls invalid.
    package var isValid: Bool { value != 0 }
}

extension SpanID: CustomStringConvertible {
    package var description: String { hex }
}
