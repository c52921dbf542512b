import Testing

@testable import Agents

/// What a session did, as its operations tell it.
private struct Told {
    struct Line: Equatable {
        var operation: Operation
        var began: WallTime
        var ended: WallTime?
        var end: OperationEnd?
        var notes: [OperationNote] = []

        var name: String {
            switch operation.kind {
            case .response: "response \(end?.response?.model ?? "?")"
            case .toolCall(_, let name, _): name
            }
        }
    }

    var lines: [Line] = []
    var notesOfSession: [OperationNote] = []

    /// Reads lines that have the time of their arrival as `_t`, seconds since 1970.
    init(timed text: String) throws {
        var reader = SessionReader()
        var last = Sample.moment
        for line in text.split(separator: "\n") {
            let arrival = try JSONParser.value(of: Array(line.utf8))["_t"]?.double
            last = arrival.map { WallTime(nanoseconds: UInt64($0 * 1e9)) } ?? last
            take(reader.append(Array(line.utf8) + [0x0A], at: last).events)
        }
        take(reader.finish(at: last).events)
    }

    private mutating func take(_ events: [AgentEvent]) {
        for event in events {
            guard case .operation(let event) = event else { continue }
            switch event {
            case .began(let operation, let time): lines.append(Line(operation: operation, began: time))
            case .corrected(let id, let time):
                guard let index = lines.firstIndex(where: { $0.operation.id == id && $0.ended == nil }) else {
                    Issue.record("\(id) is corrected and does not go on")
                    continue
                }
                lines[index].began = time
            case .happened(let note, let id, _):
                guard let id, let index = lines.firstIndex(where: { $0.operation.id == id }) else {
                    notesOfSession.append(note)
                    continue
                }
                lines[index].notes.append(note)
            case .ended(let id, let end, let time):
                guard let index = lines.firstIndex(where: { $0.operation.id == id }) else {
                    Issue.record("\(id) ended and never began")
                    continue
                }
                #expect(lines[index].ended == nil, "\(id) ended twice")
                (lines[index].end, lines[index].ended) = (end, time)
            }
        }
    }

    func name(of id: Int?) -> String? { lines.first { $0.operation.id == id }?.name }

    /// Each operation as `parent/name error`, in the order in which they began.
    var tree: [String] {
        lines.map { line in
            [name(of: line.operation.parent).map { $0 + "/" + line.name } ?? line.name, line.end?.errorType]
                .compactMap(\.self).joined(separator: " ")
        }
    }
}

@Suite("What a session did, and when")
struct TimelineTests {
    private let model = "response claude-opus-5-5"

    /// A session of the real agent: four calls in one response, a refused request, a denial, and a sub-agent.
    private func real() throws -> Told {
        try Told(timed: String(decoding: Sample.bytes("stream_operations.jsonl"), as: UTF8.self))
    }

    @Test("Every response and every call is told once, sub-agents below the call that they work for")
    func tree() throws {
        let told = try real()
        #expect(
            told.tree.sorted()
                == [
                    model, "Bash", "Bash", "Read", "Read tool_error", model, "WebFetch permission_denied", model,
                    "Agent",
                    "Agent/\(model)", "Agent/Bash", "Agent/Glob", "Agent/\(model)", model,
                ].sorted()
        )
        #expect(told.lines.allSatisfy { $0.ended != nil && $0.began <= $0.ended! })
        #expect(told.notesOfSession.isEmpty)
        #expect(
            told.lines.flatMap(\.notes) == [
                .retry(attempt: 1, status: 529, message: "overloaded", delay: .milliseconds(525)),
                .permissionDenied(
                    tool: "WebFetch",
                    reason: "Claude requested permissions to use WebFetch, but you haven't granted it yet."
                ),
            ]
        )
    }

    @Test("A parent holds its children")
    func nesting() throws {
        let told = try real()
        for line in told.lines {
            guard let parent = told.lines.first(where: { $0.operation.id == line.operation.parent }) else { continue }
            #expect(parent.began <= line.began)
            #expect(try #require(line.ended) <= #require(parent.ended))
        }
    }

    @Test("Commands run one after the other, readers side by side after them")
    func concurrency() throws {
        let told = try real()
        let bash = told.lines.filter { $0.name == "Bash" && $0.operation.parent == nil }
        let reads = told.lines.filter { $0.name == "Read" }
        #expect(try bash[1].began >= #require(bash[0].ended))
        #expect(try reads.allSatisfy { try $0.began >= #require(bash[1].ended) })
        #expect(reads[0].began == reads[1].began)
        // By the clock of the commands themselves, which wrote it down: 0.6 s and 0.4 s of sleep are inside.
        #expect(try #require(bash[0].ended).since(bash[0].began) > .milliseconds(600))
        #expect(try #require(bash[1].ended).since(bash[1].began) > .milliseconds(400))
        #expect(try #require(bash[1].ended).since(bash[1].began) < .milliseconds(600))
    }

    @Test("A response has its model, tokens, reason and first piece; a sub-agent's last one has what its result tells")
    func responses() throws {
        let told = try real()
        let responses = told.lines.compactMap { $0.end?.response }
        #expect(responses.count == 6)
        #expect(responses.allSatisfy { $0.model == "claude-opus-5-5" && $0.inputTokens == 1200 })
        #expect(responses.map(\.outputTokens) == [80, 80, 80, nil, 80, 80])
        #expect(responses.compactMap(\.finishReason) == ["tool_use", "tool_use", "tool_use", "end_turn"])
        #expect(responses.last?.texts == ["Done.\n\nSTATUS: complete"])
        #expect(
            responses.map(\.timeToFirstChunk)
                == [.milliseconds(37), .milliseconds(17), .milliseconds(10), nil, nil, .milliseconds(344)]
        )
    }

    @Test("A response began when the agent says that it sent the request, unless an earlier request for it had failed")
    func beginnings() throws {
        func moment(_ seconds: Double) -> WallTime { WallTime(nanoseconds: UInt64(seconds * 1e9)) }
        let began = try real().lines.filter { $0.name == model && $0.operation.parent == nil }.map(\.began)
        #expect(
            began == [
                moment(1795999661.1907039).before(.milliseconds(37)), moment(1795999662.8360965),
                moment(1795999663.5375793).before(.milliseconds(10)),
                moment(1795999664.8833725).before(.milliseconds(344)),
            ]
        )
        // What cannot be true is not believed.
        for delay in ["-5", "1e300", "3600000", "\"x\""] {
            let told = try Told(
                timed: """
                    {"_t":1000,"type":"system","subtype":"init","session_id":"s","model":"m"}
                    {"_t":1001,"type":"system","subtype":"status","status":"requesting"}
                    {"_t":1002,"type":"stream_event","ttft_ms":\(delay),"event":{"type":"message_start","message":{"id":"a"}}}
                    {"_t":1003,"type":"stream_event","event":{"type":"message_delta","delta":{"stop_reason":"end_turn"}}}
                    {"_t":1004,"type":"stream_event","ttft_ms":\(delay),"event":{"type":"message_start","message":{"id":"b"}}}
                    """
            )
            #expect(told.lines.allSatisfy { $0.began >= moment(1001) && $0.began <= moment(1004) }, "\(delay)")
        }
    }

    @Test("Arguments and answers are there as text")
    func content() throws {
        let told = try real()
        let glob = try #require(told.lines.first { $0.name == "Glob" })
        guard case .toolCall(_, _, let arguments) = glob.operation.kind else {
            Issue.record("\(glob.operation) is no tool call")
            return
        }
        #expect(arguments.text == #"{"pattern":"*.txt"}"#)
        #expect(glob.end?.answer?.text.contains("r1.txt") == true)
    }

    @Test("What has not ended when the stream does has ended as interrupted")
    func cut() throws {
        let text = String(decoding: try Sample.bytes("stream_operations.jsonl"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        for count in 0..<lines.count {
            let told = try Told(timed: lines.prefix(count).joined(separator: "\n"))
            #expect(told.lines.allSatisfy { $0.ended != nil })
        }
        let inBash = try Told(timed: lines.prefix { !$0.contains("tool_result") }.joined(separator: "\n"))
        #expect(inBash.tree.contains("Bash interrupted"))
    }

    @Test("Calls that are each in the other's conversation, or in their own, end in no circle")
    func circles() throws {
        func call(_ id: String, in parent: String) -> String {
            #"{"type":"assistant","parent_tool_use_id":"\#(parent)","message":{"id":"m-\#(id)","model":"m","content":"#
                + #"[{"type":"tool_use","id":"\#(id)","name":"Bash","input":{}}]}}"#
        }
        let own = try Told(timed: call("a", in: "a"))
        #expect(own.lines.count { $0.name == "Bash" } == 1 && own.lines.allSatisfy { $0.ended != nil }, "\(own.tree)")
        let each = try Told(
            timed: [call("x", in: "b"), call("a", in: "b"), call("b", in: "a")].joined(separator: "\n")
        )
        #expect(each.lines.count { $0.name == "Bash" } == 3)
        // A chain as long as what is followed at all.
        let chain = (1...2000).flatMap { [call("x\($0)", in: "c\($0 - 1)"), call("c\($0)", in: "c\($0 - 1)")] }
        #expect(try Told(timed: chain.joined(separator: "\n")).lines.allSatisfy { $0.ended != nil })
    }

    @Test("Streams of all recorded kinds come to well-formed operations", arguments: Sample.streams)
    func samples(_ name: String) throws {
        let told = try Told(timed: String(decoding: Sample.bytes(name), as: UTF8.self))
        let ids = told.lines.map(\.operation.id)
        #expect(Set(ids).count == ids.count)
        #expect(told.lines.allSatisfy { line in line.operation.parent.map { ids.contains($0) } ?? true })
        #expect(told.lines.allSatisfy { $0.ended != nil && $0.began <= $0.ended! })
    }

    @Test("The agent's times are read exactly, and other spellings not at all")
    func times() {
        #expect(WallTime(iso8601: "1970-01-01T00:00:00.001Z")?.nanoseconds == 1_000_000)
        #expect(WallTime(iso8601: "2026-11-30T00:47:41.195Z")?.nanoseconds == 1_795_999_661_195_000_000)
        #expect(WallTime(iso8601: "2024-02-29T23:59:59.999Z")?.nanoseconds == 1_709_251_199_999_000_000)
        for text in ["", "2026-11-30T00:47:41Z", "2026-11-30 00:47:41.195Z", "2026-13-30T00:47:41.195Z"] {
            #expect(WallTime(iso8601: text) == nil)
        }
    }
}
