import Testing

@testable import GRPCTransport

@Suite("gzip for messages")
struct GzipTests {
    private let text = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 >> 5) }

    @Test("What is compressed comes back, up to the very limit")
    func roundTrip() throws {
        let compressed = try #require(Gzip.compress(text[...]))
        #expect(compressed.count < text.count / 10)
        #expect(try Gzip.decompress(compressed, limit: text.count) == text)
    }

    @Test("A part of an array is compressed alone")
    func slice() throws {
        let compressed = try #require(Gzip.compress(text[1_000..<5_000]))
        #expect(try Gzip.decompress(compressed, limit: 4_000) == Array(text[1_000..<5_000]))
    }

    @Test("What does not get smaller is nil")
    func incompressible() {
        var state: UInt64 = 1
        let noise = (0..<10_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        #expect(Gzip.compress(noise[...]) == nil)
        #expect(Gzip.compress([1, 2, 3]) == nil)
        #expect(Gzip.compress([]) == nil)
    }

    @Test("A message that grows beyond the limit is refused", arguments: [0, 1, 1_000, 99_999])
    func bomb(limit: Int) throws {
        let compressed = try #require(Gzip.compress(text[...]))
        #expect(throws: Gzip.Failure.tooLarge) { try Gzip.decompress(compressed, limit: limit) }
    }

    @Test("gzip of nothing, as others write it, is nothing")
    func empty() throws {
        let bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try Gzip.decompress(bytes, limit: 0) == [])
    }

    @Test("What is cut, changed, continued or no gzip at all is corrupt")
    func corrupt() throws {
        let whole = try #require(Gzip.compress(text.prefix(1_000)))
        for count in whole.indices {
            #expect(throws: Gzip.Failure.corrupt) { try Gzip.decompress(Array(whole[..<count]), limit: 1_000) }
        }
        #expect(throws: Gzip.Failure.corrupt) { try Gzip.decompress(whole + [0], limit: 1_000) }
        var wrongChecksum = whole
        wrongChecksum[whole.count - 5] ^= 1
        #expect(throws: Gzip.Failure.corrupt) { try Gzip.decompress(wrongChecksum, limit: 1_000) }
        #expect(throws: Gzip.Failure.corrupt) { try Gzip.decompress(text, limit: 1_000) }
    }
}
