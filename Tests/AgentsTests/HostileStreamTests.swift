import Sandbox
import Testing

@testable import Agents

@Suite("Streams that are not as they should be")
struct HostileStreamTests {
    @Test("An unknown record is kept by name and passed over")
    func unknown() {
        let lines = #"{"type":"from_the_future","x":1}"# + "\n" + #"{"type":"system","subtype":"new"}"# + "\n{}"
        let expected: [AgentEvent] = [
            .unknown(type: "from_the_future"), .unknown(type: "system/new"), .unknown(type: ""),
        ]
        #expect(Sample.events(Array(lines.utf8)) == expected)
    }

    @Test("Fields of a wrong type count as absent")
    func wrongTypes() {
        let lines = """
            {"type":"system","subtype":"init","session_id":7,"model":[]}
            {"type":"assistant","message":"text","parent_tool_use_id":1}
            {"type":"assistant","message":{"id":{},"content":[1,{"type":"text","text":2},{"type":"tool_use","id":3}]}}
            {"type":"user","message":{"content":"plain"}}
            {"type":"result","is_error":"no","num_turns":"many","usage":[],"modelUsage":[],"permission_denials":{},\
            "errors":"x","result":["y"],"total_cost_usd":"1","model_usage_since_last_result":{"m":null}}
            """
        let report = Sample.report(of: Array(lines.utf8), .exited(0))
        #expect(report.ending == .finished)
        #expect(report.turns == 0)
        #expect(report.usage == [ModelUsage(model: "m")])
        #expect(report.malformedLines == 0)
    }

    @Test("A line of 50 MB is counted and dropped, and the stream goes on")
    func hugeLine() throws {
        var reader = SessionReader()
        var events: [AgentEvent] = []
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        for _ in 0..<800 { events += reader.append(chunk) }
        events += reader.append([0x0A] + (try Sample.bytes("stream_success.jsonl")))
        #expect(events.first == .malformed(bytes: 800 * (64 << 10), reason: "longer than 16 MiB"))
        let report = reader.state.report(termination: .exited(0), standardError: "")
        #expect(report.ending == .finished)
        #expect(report.malformedLines == 1)
    }

    @Test("Broken UTF-8 inside a string is replaced, not refused")
    func brokenUTF8() {
        let start = #"{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"a"#
        let bytes = Array(start.utf8) + [0xFF, 0xC3] + Array(#"b"}]}}"#.utf8)
        guard case .text(let text, _, _)? = Sample.events(bytes).first else {
            Issue.record("no text")
            return
        }
        #expect(text == "a\u{FFFD}\u{FFFD}b")
    }

    @Test("U+2028 in a text does not end its line")
    func lineSeparator() {
        let text = "one\u{2028}two"
        let line = #"{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"\#(text)"}]}}"#
        #expect(Sample.events(Array(line.utf8)) == [.text(text, messageID: "m", parentToolCall: nil)])
    }

    @Test("A stream that is cut anywhere ends without a result, and nothing crashes")
    func cutAnywhere() throws {
        let bytes = try Sample.bytes("stream_success.jsonl")
        let lastLine = bytes.dropLast().lastIndex(of: 0x0A) ?? 0
        for end in stride(from: 1, through: lastLine, by: 97) {
            let report = Sample.report(of: Array(bytes[..<end]), .exited(0))
            #expect(report.ending == .noResult)
            #expect(report.costUSD == nil)
        }
    }

    @Test("Damaged streams never crash, and read the same in any chunks", arguments: 1...60)
    func damaged(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let names = ["stream_success.jsonl", "stream_subagent.jsonl", "stream_background_task_two_results.jsonl"]
        var bytes = try Sample.bytes(names[seed % names.count])
        for _ in 0..<Int.random(in: 1...40, using: &random) { Self.damage(&bytes, &random) }
        var whole = SessionReader()
        let events = whole.append(bytes) + whole.finish()
        var pieces = SessionReader()
        var piecemeal: [AgentEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...4096, using: &random)
            piecemeal += pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        piecemeal += pieces.finish()
        #expect(piecemeal == events)
        #expect(pieces.state == whole.state)
        let malformed = events.filter { if case .malformed = $0 { true } else { false } }
        #expect(whole.state.report(termination: .exited(1), standardError: "").malformedLines == malformed.count)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: 0)
        case 3: bytes.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "["), count: end - place), at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
        if bytes.isEmpty { bytes = [0x0A] }
    }
}

/// A small random source whose numbers are the same on every machine (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
