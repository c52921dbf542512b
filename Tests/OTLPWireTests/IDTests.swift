import OTLPWire
import Testing

@Suite("Trace and span ids")
struct IDTests {
    @Test("read and write lowercase hex, leading zeros included")
    func hex() {
        let text = "00000000000000ab0123456789abcdef"
        #expect(TraceID(hex: text) == TraceID(high: 0xAB, low: 0x0123_4567_89AB_CDEF))
        #expect(TraceID(hex: text)?.hex == text)
        #expect(SpanID(hex: text.dropFirst(16)) == SpanID(value: 0x0123_4567_89AB_CDEF))
        #expect(SpanID(value: 0xF).hex == "000000000000000f")
        #expect(SpanID(value: .max).description == "ffffffffffffffff")
    }

    @Test(
        "refuse anything else",
        arguments: [
            "", "0", "00000000000000AB0123456789abcdef", "00000000000000zb0123456789abcdef",
            "ü0000000000000ab0123456789abcdef",
        ]
            + [
                "0000000000000ab0123456789abcdef", "000000000000000ab0123456789abcdef",
                " 0000000000000ab0123456789abcde",
            ]
    )
    func refused(text: String) {
        #expect(TraceID(hex: text) == nil)
        #expect(SpanID(hex: text.prefix(16)) == nil || text.utf8.count != 32)
    }

    @Test("are valid unless all zero")
    func validity() {
        #expect(!TraceID(high: 0, low: 0).isValid && !SpanID(value: 0).isValid)
        #expect(TraceID(high: 0, low: 1).isValid && TraceID(high: 1, low: 0).isValid && SpanID(value: 1).isValid)
        #expect(TraceID(hex: String(repeating: "0", count: 32))?.isValid == false)
    }
}
