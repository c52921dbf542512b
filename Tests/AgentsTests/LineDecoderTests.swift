import Testing

@testable import Agents

@Suite("Lines of a stream")
struct LineDecoderTests {
    private func lines(of chunks: [[UInt8]], bound: Int = LineDecoder.defaultBound) -> [LineDecoder.Line] {
        var decoder = LineDecoder(bound: bound)
        let complete = chunks.flatMap { decoder.append($0) }
        return complete + (decoder.finish().map { [$0] } ?? [])
    }

    private func line(_ text: String) -> LineDecoder.Line { .complete(Array(text.utf8)) }

    @Test("A line ends at byte 0x0A and at nothing else")
    func onlyLineFeed() {
        let text = "a\u{2028}b\u{2029}c\u{85}d\r\ne\u{0B}f\n"
        #expect(lines(of: [Array(text.utf8)]) == [line("a\u{2028}b\u{2029}c\u{85}d\r"), line("e\u{0B}f")])
    }

    @Test("The lines are the same however the bytes are cut", arguments: 1...9)
    func anyCut(size: Int) {
        let bytes = Array("one\n\ntwo ä\nthree".utf8)
        let chunks = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(lines(of: chunks) == [line("one"), line(""), line("two ä"), line("three")])
    }

    @Test("A line beyond the bound is passed on in pieces and counted, and the next one is read")
    func tooLong() {
        func piece(_ text: String) -> LineDecoder.Line { .overflow(Array(text.utf8)) }
        let bytes = Array("12345678\nabc\n123456789".utf8)
        let pieces = [
            piece("12345678"), .tooLong(bytes: 8), line("abc"), piece("12345678"), piece("9"), .tooLong(bytes: 9),
        ]
        #expect(lines(of: bytes.map { [$0] }, bound: 7) == pieces)
        let longer = [line("12345678"), line("abc"), piece("123456789"), .tooLong(bytes: 9)]
        #expect(lines(of: [bytes], bound: 8) == longer)
    }

    @Test("A stream that ends with a line end has no further line")
    func noPhantomLine() {
        #expect(lines(of: [Array("a\n".utf8)]) == [line("a")])
        #expect(lines(of: []).isEmpty)
    }
}
