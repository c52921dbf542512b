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

    @Test("However many models a stream names, a bounded number is told apart, and no token is lost")
    func manyModels() {
        let models = (0..<500).map {
            #""\#(String(repeating: "m", count: 300))\#($0)":{"inputTokens":2},"n\#($0)":{"inputTokens":1}"#
        }
        let line =
            #"{"type":"result","subtype":"success","result":"","modelUsage":{"# + models.joined(separator: ",") + "}}"
        let usage = Sample.report(of: Array(line.utf8), .exited(0)).usage
        #expect(usage.count <= 101 && usage.allSatisfy { $0.model.count <= 200 })
        #expect(usage.total.inputTokens == 1500)
        #expect(usage.contains { $0.model == "other" })
    }

    @Test("A line of 50 MB is counted and dropped, and the stream goes on")
    func hugeLine() throws {
        var reader = SessionReader()
        var events: [AgentEvent] = []
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        for _ in 0..<800 { events += reader.append(chunk, at: Sample.moment).events }
        events += reader.append([0x0A] + (try Sample.bytes("stream_success.jsonl")), at: Sample.moment).events
        #expect(events.first == .malformed(bytes: 800 * (64 << 10), reason: "longer than 16 MiB"))
        let report = reader.state.report(termination: .exited(0), standardError: "")
        #expect(report.ending == .finished)
        #expect(report.malformedLines == 1)
    }

    @Test("Broken UTF-8 inside a string is replaced, not refused")
    func brokenUTF8() {
        let start = #"{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"a"#
        let bytes = Array(start.utf8) + [0xFF, 0xC3] + Array(#"b"}]}}"#.utf8)
        guard case .text(let text, _, _)? = Sample.events(bytes).last else {
            Issue.record("no text")
            return
        }
        #expect(text == "a\u{FFFD}\u{FFFD}b")
    }

    @Test("U+2028 in a text does not end its line")
    func lineSeparator() {
        let text = "one\u{2028}two"
        let line = #"{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"\#(text)"}]}}"#
        #expect(Sample.events(Array(line.utf8)).last == .text(text, messageID: "m", parentToolCall: nil))
    }

    @Test("A stream that is cut anywhere ends without a result, and nothing crashes")
    func cutAnywhere() throws {
        let bytes = try Sample.bytes("stream_success.jsonl")
        let lastLine = bytes.dropLast().lastIndex(of: 0x0A) ?? 0
        for end in stride(from: 1, through: lastLine, by: 97) {
            let report = Sample.report(of: Array(bytes[..<end]), .exited(0))
            #expect(report.ending == .noResult)
            #expect(report.isCostEstimated == (report.costUSD != nil))
        }
    }

    @Test("Our own record is read as it was written, and nothing else is taken for it")
    func ownRecord() {
        let end = InvocationEnd(number: 2, exitCode: 143, stop: "cost \"limit\"\n")
        #expect(end.line.last == 0x0A && end.line.dropLast().allSatisfy { $0 != 0x0A })
        #expect(InvocationEnd(line: end.line) == end)
        let plain = #"{"type":"orchestrator","subtype":"invocation_end","number":1,"exit_code":0,"stop":null}"# + "\n"
        #expect(InvocationEnd(number: 1, exitCode: 0).line == Array(plain.utf8))
        let impossible = #"{"type":"orchestrator","subtype":"invocation_end","number":1,"exit_code":1e99}"#
        for other in ["", "{}", "x", impossible] {
            #expect(InvocationEnd(line: Array(other.utf8)) == nil)
        }
    }

    @Test("Our own records are neither told nor counted nor kept, whatever they hold")
    func ownRecordsAreSilent() {
        let lines = #"{"type":"orchestrator"}"# + "\n" + #"{"type":"orchestrator","subtype":7}"# + "\n"
        let bytes = Array(lines.utf8) + InvocationEnd(number: 1, exitCode: 1).line
        #expect(Sample.events(bytes).isEmpty)
        #expect(Sample.kept(bytes).isEmpty)
        #expect(Sample.report(of: bytes, .exited(1)) == Sample.report(of: [], .exited(1)))
    }

    @Test("What is kept are whole lines as they came; broken, blank and overlong ones too")
    func kept() {
        let delta = #"{"type":"stream_event","event":{"type":"content_block_delta","delta":{"text":"x"}}}"#
        let ping = #"{"type":"stream_event","event":{"type":"ping"}}"#
        let start = #"{ "type":"stream_event", "event":{"type":"message_start","message":{"id":"m"}}}"#
        let lines = [delta, "no json", "", start, "\u{1}\r", ping, #"{"type":"new"}"#]
        let expected = ["no json", "", start, "\u{1}\r", #"{"type":"new"}"#].joined(separator: "\n") + "\n"
        #expect(Sample.kept(Array((lines.joined(separator: "\n") + "\n").utf8)) == Array(expected.utf8))
        // The last line lacks its end, as it came.
        #expect(Sample.kept(Array("{}\n{\"type\":".utf8)) == Array("{}\n{\"type\":".utf8))
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: LineDecoder.defaultBound + 1)
        #expect(Sample.kept(long + [0x0A, 0x20]) == long + [0x0A, 0x20])
        #expect(Sample.kept(long) == long)
    }

    @Test("An overlong line is kept as its pieces come, not held")
    func overlongLine() {
        var reader = SessionReader()
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var kept = 0
        for number in 1...20 {
            kept += reader.append(chunk, at: Sample.moment).kept.count
            #expect(kept == (number <= 16 ? 0 : number << 20))
        }
    }

    @Test("Fields of the newer records that are not as they should be count as absent")
    func wrongTypesOfNewRecords() {
        let lines = """
            {"type":"stream_event"}
            {"type":"stream_event","event":[]}
            {"type":"stream_event","event":{"type":"message_start","message":7}}
            {"type":"stream_event","event":{"type":"message_start","message":{"id":7,"model":[],"usage":"many"}}}
            {"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":1e300}},"api_message_id":{}}
            {"type":"rate_limit_event"}
            {"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":"soon","rateLimitType":5}}
            {"type":"system","subtype":"api_retry","retry_delay_ms":1e300,"attempt":"x"}
            {"type":"user","message":{"content":[{"text":7}]}}
            """
        let events = Sample.events(Array(lines.utf8))
        #expect(events.contains(.rateLimit(RateLimit(status: .rejected))))
        #expect(events.contains(.retry(attempt: 0, status: nil, message: nil, delay: .milliseconds(1e12))))
        let report = Sample.report(of: Array(lines.utf8), .exited(1))
        #expect(report.malformedLines == 0)
        #expect(report.usage.isEmpty && report.costUSD == nil)
    }

    @Test("Of endless words only the end is held, and of endless refusals the first ones")
    func boundedWords() {
        var words = FinalWords()
        let text = String(repeating: "x", count: 100_000)
        for _ in 0..<200 { words.append(text) }
        words.append("STATUS: complete")
        #expect(words.text.utf8.count < 3 << 20)
        #expect(words.text.hasSuffix("x\nSTATUS: complete"))
        let denial = #"{"type":"system","subtype":"permission_denied","tool_name":"Bash"}"# + "\n"
        let report = Sample.report(of: Array(String(repeating: denial, count: 3000).utf8), .exited(0))
        #expect(report.deniedTools.count == 1000)
    }

    @Test("Damaged streams never crash, and read the same in any chunks", arguments: 1...60)
    func damaged(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let names = [
            "stream_success.jsonl", "stream_subagent.jsonl", "stream_background_task_two_results.jsonl",
            "stream_partial_messages.jsonl", "stream_usage_limit_oauth.jsonl", "stream_pings.jsonl",
        ]
        var bytes = try Sample.bytes(names[seed % names.count])
        for _ in 0..<Int.random(in: 1...40, using: &random) { Self.damage(&bytes, &random) }
        var whole = SessionReader()
        let events = whole.append(bytes, at: Sample.moment).events + whole.finish(at: Sample.moment).events
        let kept = Sample.kept(bytes)
        var pieces = SessionReader()
        var piecemeal: [AgentEvent] = []
        var keptPiecemeal: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...4096, using: &random)
            let reading = pieces.append(Array(rest.prefix(size)), at: Sample.moment)
            piecemeal += reading.events
            keptPiecemeal += reading.kept
            rest = rest.dropFirst(size)
        }
        let last = pieces.finish(at: Sample.moment)
        #expect(piecemeal + last.events == events)
        #expect(keptPiecemeal + last.kept == kept)
        #expect(Sample.report(of: kept, .exited(1)) == Sample.report(of: bytes, .exited(1)))
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
