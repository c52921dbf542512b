import OTLPWire
import Testing

@Suite("Bytes that nobody vouches for")
struct HostileBytesTests {
    private typealias Code = OTLPWireError.Code

    @Test(
        "are refused with the reason",
        arguments: [
            ([0x0A], Code.truncated),
            ([0x0A, 0x05, 0x00], .truncated),
            ([0x80], .truncated),
            ([0x09, 1, 2, 3], .truncated),
            ([0x0D, 1, 2, 3], .truncated),
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated),
            ([0x00, 0x00], .malformed),
            ([0x0B], .malformed),
            ([0x0E], .malformed),
            ([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], .malformed),
            ([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], .malformed),
            // Field number 2^29.
            ([0x80, 0x80, 0x80, 0x80, 0x10, 0x00], .malformed),
        ] as [([UInt8], Code)]
    )
    func malformed(bytes: [UInt8], code: OTLPWireError.Code) {
        let errors = [
            #expect(throws: OTLPWireError.self) { try ExportTraceRequest.decode(bytes) },
            #expect(throws: OTLPWireError.self) { try ExportMetricsRequest.decode(bytes) },
            #expect(throws: OTLPWireError.self) { try ExportLogsRequest.decode(bytes) },
            #expect(throws: OTLPWireError.self) { try ExportResponse.decode(bytes) },
        ]
        #expect(errors.map { error in error?.code } == [code, code, code, code])
    }

    @Test("An id of the wrong length and a string that is not UTF-8 are refused, and the message is named")
    func idsAndText() throws {
        func refusal(_ span: [UInt8]) throws -> OTLPWireError {
            let bytes = [2, 2, 1].reduce(span) { inner, number in WireBytes.message(number, inner) }
            return try #require(throws: OTLPWireError.self) { try ExportTraceRequest.decode(bytes) }
        }
        #expect(try refusal(WireBytes.message(1, [1, 2, 3])).code == .invalidID)
        #expect(try refusal(WireBytes.message(2, Array(repeating: 1, count: 9))).code == .invalidID)
        let text = try refusal(WireBytes.message(5, [0x66, 0xFF]))
        #expect(text.code == .invalidUTF8)
        #expect(text.description == "Span at byte 8 has a string that is not UTF-8")
    }

    @Test("Nesting without end is refused and not followed")
    func bottomless() throws {
        // AnyValue in ArrayValue in AnyValue …, as an attribute of a resource.
        let value = (0..<2000).reduce([UInt8]()) { inner, _ in WireBytes.message(5, WireBytes.message(1, inner)) }
        let bytes = [2, 1, 1, 1].reduce(value) { inner, number in WireBytes.message(number, inner) }
        let error = #expect(throws: OTLPWireError.self) { try ExportTraceRequest.decode(bytes) }
        #expect(error?.code == .tooDeep)
    }

    @Test(
        "Twenty thousand mutations of a request give values or errors; values survive another round",
        arguments: [1, 2, 3, 4] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let traces = Samples.trace.encoded()
        let metrics = Samples.metrics.encoded()
        let logs = Samples.logs.encoded()
        let response = ExportResponse.encoded(PartialSuccess(rejected: 300, message: "too late"))
        var taken = 0
        for _ in 0..<1250 {
            taken += try survives(mutate(traces, with: &random), ExportTraceRequest.decode) { $0.encoded() }
            taken += try survives(mutate(metrics, with: &random), ExportMetricsRequest.decode) { $0.encoded() }
            taken += try survives(mutate(logs, with: &random), ExportLogsRequest.decode) { $0.encoded() }
            _ = try? ExportResponse.decode(mutate(response, with: &random))
        }
        #expect((1..<3750).contains(taken), "both outcomes are to be seen")
    }

    /// 1 if the bytes were taken; then what they said must come through an encoding unchanged (compared as bytes, since
    /// NaN differs from itself).
    private func survives<Request>(
        _ bytes: [UInt8],
        _ decode: ([UInt8]) throws(OTLPWireError) -> [Request],
        _ encode: (Request) -> [UInt8]
    ) throws -> Int {
        guard let requests = try? decode(bytes) else { return 0 }
        let once = requests.flatMap(encode)
        #expect(try decode(once).flatMap(encode) == once)
        return 1
    }

    /// One to four changes: a bit, a byte, a cut, a doubled or a removed stretch.
    private func mutate(_ bytes: [UInt8], with random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let stretch = place..<min(bytes.count, place + Int.random(in: 1...16, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.insert(contentsOf: bytes[stretch], at: place)
            default: bytes.removeSubrange(stretch)
            }
        }
        return bytes
    }
}
