import OTLPWire

/// The `traceparent` header: reading and writing (W3C Trace Context Level 2, 3.2).
enum TraceParent {
    static let key = "traceparent"

    /// Nil for anything that the standard calls invalid.
    ///
    /// Version 00 is exact; a higher version is read by its first three fields if it is at least 55 characters long and
    /// continues with a dash; version ff does not exist.
    static func parse(_ text: String) -> (trace: TraceID, span: SpanID, flags: UInt8)? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        guard let version = hexByte(bytes[0..<2]), version != 0xFF else { return nil }
        guard version == 0 ? bytes.count == 55 : (bytes.count == 55 || bytes[55] == dash) else { return nil }
        let fields = text.utf8
        guard
            let trace = TraceID(hex: slice(fields, 3, 32)), trace.isValid,
            let span = SpanID(hex: slice(fields, 36, 16)), span.isValid,
            let flags = hexByte(bytes[53..<55])
        else { return nil }
        return (trace, span, flags)
    }

    /// Version 00; of the flags only those that Level 2 knows.
    static func format(_ context: OTelSpanContext) -> String {
        let flags = context.flags & (OTelSpanContext.sampledFlag | OTelSpanContext.randomFlag)
        return "00-\(context.traceID)-\(context.spanID)-0\(flags)"
    }

    private static let dash = UInt8(ascii: "-")

    private static func slice(_ text: String.UTF8View, _ start: Int, _ count: Int) -> String {
        String(decoding: text.dropFirst(start).prefix(count), as: UTF8.self)
    }

    private static func hexByte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        var value: UInt8 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | (digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
