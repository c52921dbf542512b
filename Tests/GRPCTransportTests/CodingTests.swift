import Testing

@testable import GRPCTransport

@Suite("Codings of header values")
struct CodingTests {
    @Test(
        "Base64 is written without padding and read with or without (RFC 4648 section 10)",
        arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
    )
    func base64(plain: String, coded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
        let padded = coded + String(repeating: "=", count: (4 - coded.count % 4) % 4)
        #expect(Base64.decode(padded) == Array(plain.utf8))
    }

    @Test("Every byte survives base64")
    func base64AllBytes() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test("What is no base64 is nil", arguments: ["A", "A=", "====", "Zg===", "Z=g=", "Zm9v!", "Zm9vYg=", "Zm 9"])
    func notBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("Several binary values joined by commas are read one after the other")
    func joinedBinaryValues() {
        #expect(GRPCMetadata.binaryValue("AA==,AQ, Ag") == [0, 1, 2])
    }

    @Test(
        "grpc-message is percent-encoded UTF-8",
        arguments: [("plain text!", "plain text!"), ("100 %", "100 %25"), ("ü\n", "%C3%BC%0A"), ("😀", "%F0%9F%98%80")]
    )
    func percent(plain: String, coded: String) {
        #expect(PercentCoding.encode(plain) == coded)
        #expect(PercentCoding.decode(coded) == plain)
    }

    @Test(
        "A broken grpc-message is never an error",
        arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a%FFb", "a\u{FFFD}b"), ("%c3%bc%", "ü%")]
    )
    func brokenPercent(coded: String, plain: String) {
        #expect(PercentCoding.decode(coded) == plain)
    }

    @Test(
        "A timeout has at most eight digits, in the finest unit that has room, rounded up",
        arguments: [
            (Duration.nanoseconds(1), "1n"), (.zero, "1n"), (.seconds(-5), "1n"), (.milliseconds(99), "99000000n"),
            (.seconds(10), "10000000u"), (.nanoseconds(100_000_001), "100001u"), (.seconds(86_400), "86400000m"),
            (.seconds(200_000), "200000S"), (.seconds(100_000_000), "1666667M"), (.seconds(7_000_000_000), "1944445H"),
            (.seconds(Int64.max), "99999999H"),
        ]
    )
    func timeout(duration: Duration, text: String) {
        #expect(GRPCTimeout.encode(duration) == text)
    }

    @Test("A timeout is read in each unit")
    func readTimeout() {
        let units: [(String, Duration)] = [
            ("7n", .nanoseconds(7)), ("7u", .microseconds(7)), ("7m", .milliseconds(7)), ("7S", .seconds(7)),
            ("7M", .seconds(420)), ("7H", .seconds(25_200)),
        ]
        for (text, duration) in units { #expect(GRPCTimeout.decode(text) == duration) }
    }

    @Test("What is no timeout is nil", arguments: ["", "S", "1", "1x", "-1S", "+1S", "123456789S", "1 S"])
    func notTimeout(text: String) {
        #expect(GRPCTimeout.decode(text) == nil)
    }

    @Test(
        "Ordinary metadata is allowed",
        arguments: [("x-key", "a b~"), ("Authorization", "Bearer x"), ("k-bin", "AA")]
    )
    func allowedMetadata(name: String, value: String) throws {
        try GRPCMetadata.check(name: name, value: value)
    }

    @Test(
        "Metadata that would break the request is refused by name, without its value",
        arguments: [
            ("", "v"), ("a b", "v"), (":path", "v"), ("ü", "v"), ("grpc-timeout", "v"), ("Grpc-X", "v"), ("te", "v"),
            ("content-type", "v"), ("host", "v"), ("x", "zwölf-secret"), ("x", "line\nsecret"), ("x-bin", "secret!"),
        ]
    )
    func forbiddenMetadata(name: String, value: String) {
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCMetadata.check(name: name, value: value) }
        #expect(error?.code == .invalidMetadata)
        #expect(error?.message.contains("'\(name.lowercased())'") == true)
        #expect(error?.message.contains("secret") == false)
    }
}
