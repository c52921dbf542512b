import Sandbox
import Testing

@testable import Agents

@Suite("What a session's stream tells")
struct SessionTests {
    @Test("A success is told with its text, tokens, cost and turns")
    func success() throws {
        let report = try Sample.report(stream: "stream_success.jsonl")
        #expect(report.ending == .finished)
        #expect(report.sessionID == "8392ad52-58c7-42c9-bd32-28998b732529")
        #expect(report.model == "claude-opus-5-5")
        #expect(report.version == "2.1.330")
        #expect(report.finalText == "hello.py was created and prints Hello, World!\n\nSTATUS: complete")
        #expect(report.turns == 3)
        #expect(report.costUSD == 0.026680000000000002)
        let expected = ModelUsage(
            model: "claude-opus-5-5",
            inputTokens: 1260,
            outputTokens: 180,
            cacheReadTokens: 7700,
            cacheCreationTokens: 3300,
            thinkingTokens: 0,
            costUSD: 0.026680000000000002
        )
        #expect(report.usage == [expected])
    }

    @Test("The events come in the order of the stream")
    func events() throws {
        let events = Sample.events(try Sample.bytes("stream_success.jsonl"))
        let names = events.compactMap { event in
            switch event {
            case .started: "started"
            case .text: "text"
            case .toolCall(_, let name, _, _): name
            case .toolResult(_, let isError): isError ? "error" : "ok"
            case .result: "result"
            default: nil as String?
            }
        }
        #expect(names == ["started", "text", "Write", "ok", "text", "Bash", "ok", "text", "result"])
        let inputs = events.compactMap { if case .toolCall(_, _, let input, _) = $0 { input } else { nil } }
        #expect(inputs.last == #"{"command":"python3 hello.py","description":"Run hello.py"}"#)
    }

    @Test("Two results of one session add up without counting anything twice")
    func twoResults() throws {
        let bytes = try Sample.bytes("stream_background_task_two_results.jsonl")
        let report = Sample.report(of: bytes, .exited(0))
        #expect(report.finalText == "waiting STATUS: complete\nsecond turn STATUS: complete")
        #expect(report.turns == 3)
        #expect(abs((report.costUSD ?? 0) - 0.0645) < 1e-9)
        #expect(report.usage.map(\.totalTokens) == [3600 + 240 + 1500 + 9000])
        let starts = Sample.events(bytes).filter { if case .started = $0 { true } else { false } }
        #expect(starts.count == 1)
    }

    @Test("Without the usage since the last result the difference of the cumulative numbers is taken")
    func cumulativeOnly() throws {
        let text = String(decoding: try Sample.bytes("stream_background_task_two_results.jsonl"), as: UTF8.self)
        let older = text.split(separator: "\n").map { line in
            line.replacing("model_usage_since_last_result", with: "something_else")
        }
        let report = Sample.report(of: Array(older.joined(separator: "\n").utf8), .exited(0))
        #expect(abs((report.costUSD ?? 0) - 0.0645) < 1e-9)
        #expect(report.usage.map(\.totalTokens) == [3600 + 240 + 1500 + 9000])
    }

    @Test("A resumed session is charged with its own part of the cumulative cost")
    func resumed() {
        let line = """
            {"type":"result","subtype":"success","is_error":false,"result":"","total_cost_usd":0.0645,\
            "modelUsage":{"m":{"inputTokens":3600,"costUSD":0.0645}},\
            "model_usage_since_last_result":{"m":{"inputTokens":1200,"costUSD":0.0215}}}
            """
        let report = Sample.report(of: Array(line.utf8), .exited(0))
        #expect(report.costUSD == 0.0215)
        #expect(report.usage == [ModelUsage(model: "m", inputTokens: 1200, costUSD: 0.0215)])
    }

    @Test("Thinking is told where the agent tells it, summed up, and unknown elsewhere")
    func thinking() {
        let models = #""modelUsage":{"a":{"outputTokens":9,"thinkingTokens":4},"b":{"outputTokens":3}}"#
        let line = #"{"type":"result","subtype":"success","is_error":false,"result":"","# + models + "}"
        let usage = Sample.report(of: Array(line.utf8), .exited(0)).usage
        #expect(usage.map(\.thinkingTokens) == [4, nil] && usage.total.thinkingTokens == 4)
        #expect(usage.total.totalTokens == 12, "it is part of the output")
        let earlier = [ModelUsage(model: "a", outputTokens: 2, thinkingTokens: 1), ModelUsage(model: "b")]
        #expect(usage.subtracting(earlier).map(\.thinkingTokens) == [3, nil])
        #expect(usage.adding(usage).map(\.thinkingTokens) == [8, nil])
        #expect([ModelUsage(model: "b")].total.thinkingTokens == nil)
    }

    @Test("Sub-agents are in the usage but not in the final words")
    func subagent() throws {
        let report = try Sample.report(stream: "stream_subagent.jsonl")
        #expect(report.finalText == "STATUS: complete")
        #expect(report.usage.map(\.totalTokens) == [4800 + 320 + 2000 + 12000])
        let texts = Sample.events(try Sample.bytes("stream_subagent.jsonl")).compactMap { event in
            if case .text(let text, _, let parent?) = event { text + parent } else { nil }
        }
        #expect(texts == ["sub finishedtoolu_abd9f85d79d9491a97dca517"])
    }

    @Test("All blocks of the last message are the final words, though the result has only the last one")
    func severalBlocks() {
        let lines = """
            {"type":"assistant","message":{"id":"m0","content":[{"type":"text","text":"earlier"}]}}
            {"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"STATUS: failed"}]}}
            {"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"ERROR: no input"}]}}
            {"type":"result","subtype":"success","is_error":false,"result":"ERROR: no input"}
            """
        #expect(Sample.report(of: Array(lines.utf8), .exited(0)).finalText == "STATUS: failed\nERROR: no input")
    }

    @Test("An empty last message leaves no words, and earlier words do not take its place")
    func emptyLastMessage() {
        let lines = """
            {"type":"assistant","message":{"id":"m0","content":[{"type":"text","text":"STATUS: complete soon"}]}}
            {"type":"result","subtype":"success","is_error":false,"result":""}
            """
        #expect(Sample.report(of: Array(lines.utf8), .exited(0)).finalText.isEmpty)
    }

    @Test("Refused tools are named once each, from events and result together")
    func denied() throws {
        let bytes = try Sample.bytes("stream_permission_denied.jsonl")
        let refusals = Sample.events(bytes).filter { if case .permissionDenied = $0 { true } else { false } }
        let report = Sample.report(of: bytes, .exited(0))
        #expect(!refusals.isEmpty)
        #expect(report.deniedTools.count == refusals.count)
        #expect(try !Sample.report(json: "permission_denied.json").deniedTools.isEmpty)
    }

    @Test("Failed requests are told while the agent retries")
    func retries() throws {
        let retries = Sample.events(try Sample.bytes("stream_api_retry.jsonl")).filter {
            if case .retry = $0 { true } else { false }
        }
        let expected = [590, 1187].enumerated().map { index, delay in
            AgentEvent.retry(attempt: index + 1, status: 529, message: "overloaded", delay: .milliseconds(delay))
        }
        #expect(retries == expected)
    }

    @Test("Costs of failed requests count, and an error without any cost costs nothing rather than nothing known")
    func costOfFailure() throws {
        #expect(try Sample.report(stream: "stream_api_400.jsonl", .exited(1)).costUSD == 0)
        #expect(try Sample.report(stream: "stream_broken_off.jsonl", .exited(1)).costUSD == 0.0201)
        #expect(try Sample.report(json: "error_max_budget_usd_on_last_turn.json").costUSD == 0.20400000000000001)
        #expect(try Sample.report(stream: "stream_SIGKILL_pending.jsonl", .exited(137)).costUSD == nil)
    }

    @Test(
        "All samples are understood without an unknown record or a malformed line",
        arguments: [
            "success", "subagent", "thinking", "partial_messages", "permission_denied", "background_task_two_results",
            "api_retry", "api_400", "api_hang_mid_300s", "SIGINT_during_bash", "SIGTERM_during_bash", "pings",
            "subagent_partial", "usage_limit_oauth", "usage_limit_warning", "429_key_retry_after", "SIGINT_pending",
            "SIGHUP", "broken_off", "resumed", "resume_unknown",
        ]
    )
    func nothingUnknown(name: String) throws {
        let strange = Sample.events(try Sample.bytes("stream_\(name).jsonl")).filter { event in
            switch event {
            case .unknown, .malformed: true
            default: false
            }
        }
        #expect(strange.isEmpty)
    }
}
