import FoundationEssentials
import Sandbox
import Testing

@testable import Agents

@Suite("Transcripts of sessions that were stopped")
struct TranscriptTests {
    private static let session = "11111111-1111-4111-8111-111111111111"
    private static let opus = "claude-opus-5-5"

    private static func date(_ time: String) throws -> Date {
        try #require(RecordedTime.date("2026-11-29T\(time)Z"))
    }

    /// The count of so many responses of the scripted model.
    private static func usage(_ responses: Int) -> ModelUsage {
        ModelUsage(
            model: opus,
            inputTokens: 1200 * responses,
            outputTokens: 80 * responses,
            cacheReadTokens: 500 * responses,
            cacheCreationTokens: 3000 * responses,
            costUSD: 0.0215 * Double(responses)
        )
    }

    private static func place(_ name: String, in scratch: borrowing Scratch, upTo lines: Int? = nil) throws {
        let text = String(decoding: try Sample.bytes(name), as: UTF8.self)
        let kept = text.split(separator: "\n").prefix(lines ?? Int.max).joined(separator: "\n")
        try scratch.write(kept + "\n", to: ".claude/projects/-workspace/\(session).jsonl")
    }

    private static func recover(
        _ scratch: borrowing Scratch,
        since: Date? = nil,
        earlier: [ModelUsage] = []
    ) async -> RecoveredUsage? {
        let claude = ClaudeCode(environment: [:])
        return await claude.recoverUsage(session: session, since: since, earlierUsage: earlier, in: scratch.sandbox)
    }

    // The sample is a real one: an invocation with two responses, ended by SIGTERM at 21:01:18; two resumed ones with
    // one response each; and a resumed one that SIGKILL ended at 21:01:31 before there was a response.

    @Test("The agent's own count is taken, less what earlier invocations had used")
    func costState() async throws {
        let scratch = try Scratch()
        try Self.place("transcript_three_invocations.jsonl", in: scratch)
        let recovered = try #require(
            await Self.recover(scratch, since: Self.date("21:01:21.000"), earlier: [Self.usage(3)])
        )
        #expect(!recovered.isEstimated)
        #expect(recovered.usage.map(\.totalTokens) == [Self.usage(1).totalTokens])
        #expect(abs(recovered.costUSD - 0.0215) < 1e-9)
        #expect(recovered.turns == 1)
        #expect(recovered.sessionUsage?.map(\.totalTokens) == [Self.usage(4).totalTokens])
    }

    @Test("The whole session counts where it is the first invocation")
    func firstInvocation() async throws {
        let scratch = try Scratch()
        try Self.place("transcript_three_invocations.jsonl", in: scratch)
        let recovered = try #require(await Self.recover(scratch))
        #expect(!recovered.isEstimated)
        #expect(recovered.costUSD == 0.086)
        #expect(recovered.turns == 4)
    }

    @Test("A count that an earlier invocation left is not taken for this one's")
    func staleCostState() async throws {
        let scratch = try Scratch()
        try Self.place("transcript_three_invocations.jsonl", in: scratch)
        // Even with nothing known of the earlier ones: nothing came after the last invocation began.
        #expect(await Self.recover(scratch, since: try Self.date("21:01:26.500")) == nil)
        #expect(await Self.recover(scratch, since: try Self.date("21:01:26.500"), earlier: [Self.usage(4)]) == nil)
    }

    @Test("Without a count of the agent's the responses are priced, each message once")
    func estimated() async throws {
        let scratch = try Scratch()
        try Self.place("transcript_three_invocations.jsonl", in: scratch, upTo: 13)
        let recovered = try #require(await Self.recover(scratch, since: Self.date("21:01:14.000")))
        #expect(recovered.isEstimated)
        #expect(recovered.sessionUsage == nil)
        #expect(recovered.usage.map(\.totalTokens) == [Self.usage(2).totalTokens])
        #expect(abs(recovered.costUSD - 0.043) < 1e-9)
        #expect(recovered.turns == 2)
    }

    @Test("Sub-agents' transcripts count, but not as turns")
    func subagents() async throws {
        let scratch = try Scratch()
        func line(_ id: String, sidechain: Bool) -> String {
            """
            {"isSidechain":\(sidechain),"message":{"id":"\(id)","model":"claude-sonnet-5-5","content":[{"type":"text",\
            "text":"a ],\\"stop_reason\\": b"}],"stop_reason":null,"usage":{"output_tokens":1000000}},\
            "type":"assistant","timestamp":"2026-11-29T21:01:14.482Z"}
            """
        }
        try scratch.write(line("a", sidechain: false), to: ".claude/projects/-x/\(Self.session).jsonl")
        try scratch.write(line("b", sidechain: true), to: ".claude/projects/-x/\(Self.session)/subagents/agent-1.jsonl")
        let recovered = try #require(await Self.recover(scratch))
        #expect(recovered.costUSD == 20)
        #expect(recovered.turns == 1)
    }

    @Test("Of several counts the last one is taken, wherever it ran and whatever follows it")
    func lastCount() async throws {
        let scratch = try Scratch()
        func line(_ cost: Double) -> String {
            #"{"type":"cost-state","totalCostUSD":\#(cost),"modelUsage":{"m":{"costUSD":\#(cost)}}}"#
        }
        let text = [line(1), #"{"type":"user"}"#, line(2), #"{"type":"last-prompt"}"#].joined(separator: "\n")
        try scratch.write(text + "\n", to: ".claude/projects/-workspace/here.jsonl")
        try scratch.write(line(9), to: ".claude/projects/-workspace/other.jsonl")
        let claude = ClaudeCode(environment: [:])
        let here = await claude.recoverUsage(session: "here", since: nil, earlierUsage: [], in: scratch.sandbox)
        #expect(here?.costUSD == 2)
        let absent = await claude.recoverUsage(session: "absent", since: nil, earlierUsage: [], in: scratch.sandbox)
        #expect(absent == nil)
    }

    @Test("A transcript of 50 MB is filtered where it lies")
    func large() async throws {
        let scratch = try Scratch()
        let filler = #"{"type":"user","message":{"content":"\#(String(repeating: "x", count: 1 << 20))"}}"#
        let text = String(repeating: "x", count: 1 << 20)
        let answer = """
            {"isSidechain":false,"message":{"id":"m","model":"\(Self.opus)","content":[{"type":"text",\
            "text":"\(text)"}],"stop_reason":null,"usage":{"output_tokens":50000}},\
            "type":"assistant","timestamp":"2026-11-29T21:01:14.482Z"}
            """
        let lines = Array(repeating: filler, count: 25) + Array(repeating: answer, count: 25)
        try scratch.write(lines.joined(separator: "\n"), to: ".claude/projects/-x/\(Self.session).jsonl")
        #expect(await Self.recover(scratch)?.costUSD == 1)
    }
}
