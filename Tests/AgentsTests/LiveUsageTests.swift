import Sandbox
import Testing

@testable import Agents

@Suite("What is used, while it is used")
struct LiveUsageTests {
    private func usages(_ events: [AgentEvent]) -> [[ModelUsage]] {
        events.compactMap { if case .usage(let usage) = $0 { usage } else { nil } }
    }

    private func starts(_ events: [AgentEvent]) -> [(id: String?, parent: String?)] {
        events.compactMap { event in
            if case .messageStarted(let id, _, let parent) = event { (id, parent) } else { nil }
        }
    }

    @Test("Each response is told once, and its tokens when it begins and when it ends")
    func partial() throws {
        let events = Sample.events(try Sample.bytes("stream_partial_messages.jsonl"))
        #expect(starts(events).count == 3)
        #expect(Set(starts(events).map(\.id)).count == 3)
        let totals = usages(events).map { $0.total.totalTokens }
        #expect(totals == totals.sorted())
        // Each message begins with its input and one token of output; its end brings the true output. The agent's own count
        // at the end adds what it knows besides.
        #expect(totals == [4701, 4790, 8531, 8590, 12411, 12440, 12440])
        #expect(usages(events) == usages(events).reduce(into: []) { if $0.last != $1 { $0.append($1) } })
    }

    @Test("At the end the agent's own count stands, the estimate's digits gone")
    func settled() throws {
        let bytes = try Sample.bytes("stream_partial_messages.jsonl")
        let report = Sample.report(of: bytes, .exited(0))
        let last = try #require(usages(Sample.events(bytes)).last)
        #expect(last.total.totalTokens == report.usage.total.totalTokens)
        #expect(abs(last.total.costUSD - 0.02668) < 1e-9)
        #expect(report.costUSD == 0.026680000000000002)
        #expect(!report.isCostEstimated)
    }

    @Test("Older streams without partial records still tell each response, with its input")
    func whole() throws {
        let events = Sample.events(try Sample.bytes("stream_success.jsonl"))
        #expect(starts(events).count == 3)
        #expect(usages(events).first?.total.totalTokens == 4701)
        #expect(usages(events).last?.total.totalTokens == 12440)
    }

    @Test("A sub-agent's response is told with its parent, and is no turn")
    func subagent() throws {
        let events = Sample.events(try Sample.bytes("stream_subagent.jsonl"))
        #expect(starts(events).filter { $0.parent == nil }.count == 3)
        #expect(starts(events).filter { $0.parent != nil }.count == 1)
    }

    @Test("A sub-agent's last response counts as soon as its call is over, and no response counts twice")
    func lastResponse() throws {
        let lines = try Sample.bytes("stream_operations.jsonl").split(separator: 0x0A).map { Array($0) + [0x0A] }
        let events = Sample.events(lines.dropLast().flatMap { $0 })
        let report = try Sample.report(stream: "stream_operations.jsonl")
        // The six responses; what the sub-agent's first one wrote is not told, but for its first token.
        let live = try #require(usages(events).last).total
        #expect(live.inputTokens == report.usage.total.inputTokens && live.inputTokens == 6 * 1200)
        #expect(live.outputTokens == report.usage.total.outputTokens - 79)
        let counts = #""usage":{"input_tokens":5,"output_tokens":7}}}"#
        let end =
            #"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t"}]},"#
            + #""tool_use_result":{"status":"completed","agentId":"a","resolvedModel":"m","# + counts
        let told =
            #"{"type":"assistant","parent_tool_use_id":"t","message":{"id":"i","model":"m","content":[],"# + counts
        for (stream, tokens) in [(end, 12), (told + "\n" + end, 12), (told + "\n" + end + "\n" + end, 24)] {
            let sum = usages(Sample.events(Array((stream + "\n").utf8))).last?.total.totalTokens
            #expect(sum == tokens, "\(stream)")
        }
    }

    @Test("The pings of an endpoint that hangs are no events, all else is one")
    func pings() throws {
        let bytes = try Sample.bytes("stream_pings.jsonl")
        func isPing(_ line: some Collection<UInt8>) -> Bool {
            String(decoding: line, as: UTF8.self).contains(#""type":"ping""#)
        }
        let pings = bytes.split(separator: 0x0A).filter(isPing)
        #expect(pings.count >= 5)
        for ping in pings { #expect(Sample.events(Array(ping)).isEmpty) }
        for name in ["partial_messages", "subagent_partial", "thinking", "background_task_two_results", "api_retry"] {
            for line in try Sample.bytes("stream_\(name).jsonl").split(separator: 0x0A) {
                #expect(Sample.events(Array(line)).isEmpty == isPing(line))
            }
        }
    }

    @Test("Counts without an id belong to the response that began last; messages without one are each their own")
    func withoutID() {
        let lines = """
            {"type":"stream_event","event":{"type":"message_start","message":{"id":"a","model":"m",\
            "usage":{"input_tokens":5}}}}
            {"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":7}}}
            {"type":"assistant","message":{"model":"m","content":[],"usage":{"input_tokens":1}}}
            {"type":"assistant","message":{"model":"m","content":[],"usage":{"input_tokens":1}}}
            {"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":-9}},"api_message_id":"never"}
            """
        let report = Sample.report(of: Array(lines.utf8), .exited(1))
        #expect(report.usage.total.inputTokens == 7)
        #expect(report.usage.total.outputTokens == 7)
        #expect(report.turns == 3)
        #expect(report.isCostEstimated)
    }

    @Test("However many messages there are, only the newest are remembered")
    func bounded() {
        var live = LiveUsage()
        for number in 0..<5000 {
            _ = live.note(id: "m\(number)", model: "m", counts: TokenCounts(input: 1), isMainLoop: true)
        }
        #expect(live.usage.total.inputTokens == 5000)
        #expect(live.turns == 5000)
        let isNewestNew = live.note(id: "m4999", model: "m", counts: TokenCounts(input: 1), isMainLoop: true)
        let isOldestNew = live.note(id: "m0", model: "m", counts: nil, isMainLoop: true)
        #expect(!isNewestNew && isOldestNew)
        #expect(live.usage.total.inputTokens == 5000)
    }

    @Test("What a resumed session had used before is not this invocation's")
    func resumed() throws {
        let bytes = try Sample.bytes("stream_resumed.jsonl")
        let report = Sample.report(of: bytes, .exited(0))
        #expect(report.costUSD == 0.0215)
        #expect(report.usage.total.totalTokens == 4780)
        #expect(report.sessionUsage?.total.totalTokens == 3 * 4780)
        // A version that tells cumulative numbers only.
        let older = String(decoding: bytes, as: UTF8.self).replacing("model_usage_since_last_result", with: "other")
        let earlier = ModelUsage(
            model: "claude-opus-5-5",
            inputTokens: 2400,
            outputTokens: 160,
            cacheReadTokens: 1000,
            cacheCreationTokens: 6000,
            costUSD: 0.043
        )
        var reader = SessionReader(earlierUsage: [earlier])
        _ = reader.append(Array(older.utf8), at: Sample.moment)
        let difference = reader.state.report(termination: .exited(0), standardError: "")
        #expect(difference.usage.total.totalTokens == 4780)
        #expect(abs((difference.costUSD ?? 0) - 0.0215) < 1e-9)
    }

    @Test("Prices are those that were observed; unknown models cost like opus")
    func prices() {
        func cost(_ model: String) -> Double {
            let usage = ModelUsage(
                model: model,
                inputTokens: 1_000_000,
                outputTokens: 1_000_000,
                cacheReadTokens: 1_000_000,
                cacheCreationTokens: 1_000_000
            )
            return ModelPrices.estimate(usage)
        }
        #expect(cost("claude-opus-5-5") == 29.2)
        #expect(cost("claude-sonnet-5-5") == 14.6)
        #expect(cost("something") == cost("claude-opus-5-5"))
        #expect(cost("claude-haiku-5-5") < cost("claude-sonnet-5-5"))
    }
}
