import Sandbox
import Testing

@testable import Agents

@Suite("How a session ended")
struct EndingTests {
    @Test(
        "Every sample ends as its record says, not as its exit code alone says",
        arguments: [
            ("success.json", "finished"),
            ("permission_denied.json", "finished"),
            ("empty_final_message.json", "finished"),
            ("api_400_after_one_tool_turn.json", "apiError 400"),
            ("api_400_credit_too_low.json", "apiError 400"),
            ("api_400_prompt_too_long.json", "apiError 400"),
            ("api_401_after_11_tries.json", "notAuthenticated"),
            ("api_403.json", "notAuthenticated"),
            ("api_404_model.json", "apiError 404"),
            ("api_429_after_11_tries.json", "usageLimit"),
            ("api_500_after_11_tries.json", "apiError 500"),
            ("api_529.json", "apiError 529"),
            ("api_connection_refused.json", "apiError"),
            ("api_dns_failure.json", "apiError"),
            ("api_timeout_5s.json", "apiError"),
            ("stream_disconnects.json", "apiError"),
            ("no_api_key.json", "notAuthenticated"),
            ("error_max_turns.json", "maxTurns"),
            ("error_max_budget_usd.json", "maxBudget"),
            ("error_max_budget_usd_on_last_turn.json", "maxBudget"),
            ("stop_max_tokens.json", "modelStopped max_tokens"),
            ("stop_refusal.json", "modelStopped refusal"),
            ("prompt_starting_with_dash.json", "rejected"),
            ("resume_missing.json", "rejected"),
            ("root_dangerously_skip_refused.json", "rejected"),
            ("stream_json_without_verbose.json", "rejected"),
            ("error_max_turns_text_format.json", "rejected"),
        ]
    )
    func sample(name: String, expected: String) throws {
        #expect(try Sample.report(json: name).ending.label == expected)
    }

    @Test("An error inside makes a session fail even where the exit code is 0")
    func exitZeroWithError() {
        let line = #"{"type":"result","subtype":"success","is_error":true,"result":"boom","api_error_status":500}"#
        let report = Sample.report(of: Array(line.utf8), .exited(0))
        #expect(report.ending == .apiError(status: 500, message: "boom"))
    }

    @Test("Empty output is never a finished session, whatever the exit code", arguments: [0, 1, 129, 130, 137, 143])
    func emptyOutput(code: Int32) {
        let ending = Sample.report(of: [], .exited(code)).ending
        let expected: [Int32: String] = [0: "noResult", 1: "rejected", 137: "noResult"]
        #expect(ending.label == expected[code] ?? "interrupted")
    }

    @Test("SIGTERM leaves a stream without a result: interrupted")
    func terminated() throws {
        let name = "stream_SIGTERM_during_bash.jsonl"
        #expect(try Sample.report(stream: name, .exited(143)).ending == .interrupted)
        #expect(try Sample.report(stream: name, .signaled(15)).ending == .interrupted)
        #expect(try Sample.report(stream: name, .signaled(9)).ending == .noResult)
        #expect(try Sample.report(stream: name, .exited(0)).ending == .noResult)
        #expect(try Sample.report(stream: name, .exited(1)).ending == .noResult)
    }

    @Test("SIGINT exits with 0 and is told by the record: interrupted, its cost known")
    func interrupted() throws {
        let report = try Sample.report(stream: "stream_SIGINT_during_bash.jsonl", .exited(0))
        #expect(report.ending == .interrupted)
        #expect(report.costUSD == 0.0215)
    }

    @Test("A session that is stopped after its last words counts as interrupted, not as finished")
    func stoppedAfterResult() throws {
        #expect(try Sample.report(stream: "stream_success.jsonl", .exited(143)).ending == .interrupted)
    }

    @Test("Docker's own words on standard output are told, not taken for the agent's")
    func dockerSpeaks() {
        let words = "OCI runtime exec failed: exec failed: unable to start container process: claude: not found"
        let report = Sample.report(of: Array((words + "\n").utf8), .exited(126))
        #expect(report.ending == .rejected(message: words))
        #expect(report.malformedLines == 1)
        #expect(report.finalText.isEmpty)
    }

    @Test("What the agent wrote to standard error is the reason where it never began")
    func rejectedReason() throws {
        let ending = try Sample.report(json: "prompt_starting_with_dash.json").ending
        #expect(ending == .rejected(message: "error: unknown option '- STATUS: hello'"))
    }

    @Test("An error of the agent itself is neither the model's nor the user's")
    func broke() {
        let line = #"{"type":"result","subtype":"error_during_execution","is_error":true,"errors":["a","b"]}"#
        #expect(Sample.report(of: Array(line.utf8), .exited(1)).ending == .broke(message: "a; b"))
    }

    @Test("The agent's own word for a failed request decides where no HTTP status came")
    func wordWithoutStatus() {
        func ending(_ word: String) -> AgentEnding {
            let lines = """
                {"type":"assistant","error":"\(word)","message":{"id":"m","content":[{"type":"text","text":"no"}]}}
                {"type":"result","subtype":"success","is_error":true,"result":"no"}
                """
            return Sample.report(of: Array(lines.utf8), .exited(1)).ending
        }
        #expect(ending("authentication_failed") == .notAuthenticated(message: "no"))
        #expect(ending("rate_limit") == .usageLimit(message: "no"))
        #expect(ending("server_error") == .apiError(status: nil, message: "no"))
    }
}

extension AgentEnding {
    /// The case and what decides; the message is left out.
    var label: String {
        switch self {
        case .finished: "finished"
        case .maxTurns: "maxTurns"
        case .maxBudget: "maxBudget"
        case .apiError(let status, _): status.map { "apiError \($0)" } ?? "apiError"
        case .notAuthenticated: "notAuthenticated"
        case .usageLimit: "usageLimit"
        case .modelStopped(let reason, _): "modelStopped \(reason)"
        case .interrupted: "interrupted"
        case .noResult: "noResult"
        case .rejected: "rejected"
        case .broke: "broke"
        case .replayDiverged: "replayDiverged"
        }
    }
}
