import Testing

@testable import GRPCTransport

@Suite("Message framing")
struct MessageTests {
    @Test("A frame is a zero, the length in four bytes, and the message")
    func encode() {
        #expect(MessageFraming.encode([]) == [0, 0, 0, 0, 0])
        #expect(MessageFraming.encode([UInt8](repeating: 9, count: 0x0102)).prefix(6) == [0, 0, 0, 1, 2, 9])
    }

    @Test("Frames that are cut anywhere give the same messages", arguments: 1...13)
    func cut(size: Int) throws {
        let messages: [[UInt8]] = [[1, 2, 3], [], Array(0..<20)]
        let stream = messages.flatMap(MessageFraming.encode)
        var decoder = MessageDecoder(limit: 20)
        var decoded: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            decoder.append(Array(stream[start..<min(start + size, stream.count)]))
            while let message = try decoder.next() { decoded.append(message.bytes) }
        }
        #expect(decoded == messages)
        #expect(!decoder.hasRemainder)
    }

    @Test("Half a message is nil, and a remainder")
    func half() throws {
        var decoder = MessageDecoder(limit: 20)
        #expect(try decoder.next() == nil)
        #expect(!decoder.hasRemainder)
        decoder.append([0, 0, 0, 0, 2, 7])
        #expect(try decoder.next() == nil)
        #expect(decoder.hasRemainder)
    }

    @Test("A length over the limit is refused before its message comes")
    func tooLarge() {
        var decoder = MessageDecoder(limit: 20)
        decoder.append([0, 0, 0, 0, 21])
        #expect(throws: MessageDecoder.Failure.tooLarge(size: 21, limit: 20)) { try decoder.next() }
        var largest = MessageDecoder(limit: 20)
        largest.append([0, 255, 255, 255, 255])
        #expect(throws: MessageDecoder.Failure.tooLarge(size: 4_294_967_295, limit: 20)) { try largest.next() }
    }

    @Test("The compressed flag is told, an unknown flag is refused")
    func flags() throws {
        var decoder = MessageDecoder(limit: 20)
        decoder.append([1, 0, 0, 0, 1, 7])
        #expect(try decoder.next() == MessageDecoder.Message(isCompressed: true, bytes: [7]))
        decoder.append([2, 0, 0, 0, 0])
        #expect(throws: MessageDecoder.Failure.unknownFlag(2)) { try decoder.next() }
    }
}
