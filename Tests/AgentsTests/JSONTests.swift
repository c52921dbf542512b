import Testing

@testable import Agents

@Suite("JSON of a stream")
struct JSONTests {
    private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONParser.value(of: Array(text.utf8)) }

    @Test(
        "Values are read as RFC 8259 says",
        arguments: [
            ("null", JSONValue.null), (" true ", .bool(true)), ("-1.5e3", .number("-1.5e3")), ("[]", .array([])),
            ("{}", .object([])), (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")),
            (#""\u00e4\ud83d\ude00""#, .string("ä😀")), ("[1,[2]]", .array([.number("1"), .array([.number("2")])])),
        ]
    )
    func values(text: String, expected: JSONValue) throws {
        #expect(try parse(text) == expected)
    }

    @Test(
        "Half a surrogate pair becomes U+FFFD, and what follows it stays",
        arguments: [
            (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        ]
    )
    func surrogates(text: String, expected: String) throws {
        #expect(try parse(text) == .string(expected))
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "", " ", "{", "[1", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "nul", "1 2", "\"a", #""\x""#, #""\u12""#, "-",
            "+1",
            "1e", "[1,,2]", "{\"a\":1,,}", "]", "inf", "0x1",
        ]
    )
    func refused(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test("Depth is bounded, so that no line can exhaust the stack")
    func depth() throws {
        let deep = JSONParser.maximumDepth
        let fits = String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
        #expect(throws: Never.self) { try parse(fits) }
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: deep + 1)) }
        #expect(throws: JSONError.self) { try parse(String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test("Text that is written reads back as the same value")
    func roundTrip() throws {
        let text = #"{"b":[1.50,true,null,-0],"a":{"":"\u0000\u001f\"\\\/ä😀\u2028"}}"#
        let value = try parse(text)
        #expect(try parse(value.text) == value)
        #expect(!value.text.contains("\n"))
    }

    @Test("Numbers that do not fit are cut off at the ends")
    func numbers() {
        #expect(JSONValue.number("1e300").integer == Int.max)
        #expect(JSONValue.number("-1e300").integer == Int.min)
        #expect(JSONValue.number("1e999").integer == nil)
        #expect(JSONValue.number("12.9").integer == 12)
        #expect(JSONValue.string("1").integer == nil)
    }
}
