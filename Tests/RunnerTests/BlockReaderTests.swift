import Testing

@testable import Runner

@Suite("The output of a block of commands")
struct BlockReaderTests {
    private static let told = """

        KEY begin 0 1
        hello

        KEY end 0

        KEY begin 1 2
        a
        b

        KEY end 3

        """

    private static let events: [BlockReader.Event] = [
        .began(line: 0, lines: 1), .ended(code: 0, output: "hello"), .began(line: 1, lines: 2),
        .ended(code: 3, output: "a\nb"),
    ]

    @Test("Events and outputs are the same however the bytes are cut")
    func cuts() {
        let bytes = Array(Self.told.utf8)
        for size in 1...bytes.count {
            var reader = BlockReader(key: "KEY")
            let events = stride(from: 0, to: bytes.count, by: size)
                .flatMap { reader.append(Array(bytes[$0..<min($0 + size, bytes.count)])) }
            #expect(events == Self.events, "in pieces of \(size)")
        }
    }

    @Test("Output that looks like an event of another key is output")
    func forgery() {
        var reader = BlockReader(key: "KEY")
        let events = reader.append(Array("\nKEY begin 0 1\n\nKEX end 0\n\nKEY end 1\n".utf8))
        #expect(events == [.began(line: 0, lines: 1), .ended(code: 1, output: "\nKEX end 0")])
    }

    @Test("A line that has the key elsewhere than at its start is output, however the bytes are cut")
    func keyWithin() {
        let bytes = Array("\nKEY begin 0 1\nx\nnot KEY end 0\n\nKEYS\ny KEY \nKEY end 7\n".utf8)
        for size in 1...bytes.count {
            var reader = BlockReader(key: "KEY")
            let events = stride(from: 0, to: bytes.count, by: size)
                .flatMap { reader.append(Array(bytes[$0..<min($0 + size, bytes.count)])) }
            let output = "x\nnot KEY end 0\n\nKEYS\ny KEY"
            #expect(events == [.began(line: 0, lines: 1), .ended(code: 7, output: output)], "in pieces of \(size)")
        }
    }

    @Test("Of a flood only the end is kept, with the number of bytes that were left out")
    func flood() {
        var reader = BlockReader(key: "KEY")
        _ = reader.append(Array("\nKEY begin 0 1\n".utf8))
        for _ in 0..<64 { _ = reader.append([UInt8](repeating: 0x78, count: 64 << 10)) }
        let events = reader.append(Array("last\n\nKEY end 0\n".utf8))
        guard case .ended(_, let output)? = events.first else {
            Issue.record("the command has ended")
            return
        }
        #expect(output.hasSuffix("xlast"))
        #expect(output.utf8.count < CheckResult.outputLimit + 100)
        #expect(output.hasPrefix("[\((4 << 20) + 6 - CheckResult.outputLimit) bytes left out]"))
    }

    @Test("A text is found as a whole word where it begins or ends with one")
    func wholeTexts() {
        #expect("the answer is 42.".hasWhole("42"))
        #expect(!"1423".hasWhole("42"))
        #expect("1423 42".hasWhole("42"))
        #expect("Hello, World!!!".hasWhole("Hello, World!"))
        #expect(!"Say Hello, Worlds".hasWhole("Hello, World"))
    }
}
