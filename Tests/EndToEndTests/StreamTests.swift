import Foundation
import Testing

@Suite("Streams as they should not be", .timeLimit(.minutes(5)))
struct StreamTests {
    private static let initialization =
        #"{"type":"system","subtype":"init","session_id":"s","model":"m","claude_code_version":"9.9.9","tools":[]}"#

    /// A script's command that prints a result record with these last words.
    private static func result(_ words: String) -> String {
        """
        printf '%s\\n' '{"type":"result","subtype":"success","is_error":false,"result":"\(words)","num_turns":1,\
        "session_id":"s","total_cost_usd":0.5,"modelUsage":{"m":{"inputTokens":1,"outputTokens":2,\
        "cacheReadInputTokens":3,"cacheCreationInputTokens":4,"costUSD":0.5}}}'
        """
    }

    @Test("Unknown records, a line of 50 MB, broken UTF-8 and noise change nothing; the stream is kept byte for byte")
    func noise() async throws {
        let receiver = try await Receiver.shared
        let body = """
            {
            printf '%s\\n' '\(Self.initialization)' '{"type":"from_the_future","x":[1,{"y":null}]}' 'Warning: no JSON'
            printf '\\377\\376 broken \\300\\200\\n\\n'
            printf '{"type":"user","message":{"role":"user","content":"'; head -c 50000000 /dev/zero | tr '\\0' a
            printf '"}}\\n'
            \(Self.result("STATUS: complete"))
            } | tee "$HOME/stream"
            """
        let agent = try StandIn(body, collector: receiver.server.url)
        let end = try await agent.run(["--json"], within: .seconds(240))
        #expect(end.code == 0, "\(end.errors)")
        let json = try end.json
        #expect(json["status"] == "completed")
        #expect(json["tokens_used"] == 10)
        #expect(json["cost_usd"] == .number(0.5))
        let kept = try Data(contentsOf: URL(filePath: try #require(json["stream"].string)))
        // One record of our own follows: how the invocation ended.
        let written = try Data(contentsOf: URL(filePath: agent.place.directory + "/home/stream"))
        #expect(kept.prefix(written.count) == written)
        #expect(try JSON(kept.dropFirst(written.count))["subtype"] == "invocation_end")
        #expect(kept.count > 50_000_000)
        let totals = try receiver.totals(ofTrace: end.traceID)
        #expect(totals["orchestrator_tokens_total{model=m,type=cache_read}"]?.value == 3)
    }

    /// What a session does instead of ending well, and what it must count as.
    static let endings: [(body: String, code: Int32, cause: String)] = [
        ("printf '%s' '\(initialization)' | head -c 40", 1, "agent_broke"),
        ("echo '\(initialization)'; kill -KILL $$", 1, "agent_killed"),
        ("echo '\(initialization)'; exit 0", 1, "agent_broke"),
        ("exit 0", 1, "agent_broke"), ("echo 'error: unknown option' >&2; exit 1", 1, "agent_rejected"),
        ("echo '\(initialization)'; \(result("All done, it is complete."))", 1, "no_status"),
        ("\(result("STATUS: complete | needs_human | failed"))", 1, "no_status"),
        ("\(result("STATUS: failed\\nERROR: no\\n\\nSTATUS: complete"))", 0, "claimed_complete"),
    ]

    @Test("How a session ends decides, and only a clear claim counts as completed", arguments: endings.indices)
    func ending(_ index: Int) async throws {
        let (body, code, cause) = Self.endings[index]
        let agent = try StandIn(body)
        let end = try await agent.run(["--json"])
        #expect(end.code == code, "\(end.output)\(end.errors)")
        #expect(try end.json["cause"] == .string(cause), "\(end.output)")
        #expect(try await agent.place.journal().map { $0["cause"].string } == [cause])
    }
}
