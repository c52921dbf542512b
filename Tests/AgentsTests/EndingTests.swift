import FoundationEssentials
import Sandbox
import Testing

@testable import Agents

@Suite("How an invocation ended")
struct EndingTests {
    @Test(
        "Every sample ends as its record says, not as its exit code alone says",
        arguments: [
            ("success.json", "finished"),
            ("permission_denied.json", "finished"),
            ("empty_final_message.json", "finished"),
            ("fallback_model_used.json", "finished"),
            ("json_schema_structured_output.json", "finished"),
            ("json_schema_tool_never_called.json", "finished"),
            ("model_unknown.json", "finished"),
            ("permission_prompts_none.json", "finished"),
            ("project_settings_redirect_base_url.json", "finished"),
            ("argv_131060_bytes.json", "finished"),
            ("background_task_text_two_results.json", "noResult"),
            ("success_verbose_array.json", "noResult"),
            ("slash_command_known.json", "finished"),
            ("slash_unknown.json", "finished"),
            ("api_400_after_one_tool_turn.json", "failedRequest invalid 400"),
            ("api_400_credit_too_low.json", "failedRequest creditExhausted 400"),
            ("api_400_prompt_too_long.json", "failedRequest promptTooLong 400"),
            ("api_401_after_11_tries.json", "failedRequest credentialRefused 401"),
            ("api_403.json", "failedRequest forbidden 403"),
            ("api_404_model.json", "failedRequest modelUnknown 404"),
            ("api_429_after_11_tries.json", "usageLimit"),
            ("api_500_after_11_tries.json", "failedRequest serverError 500"),
            ("api_529.json", "failedRequest overloaded 529"),
            ("api_connection_refused.json", "failedRequest unreachable"),
            ("api_dns_failure.json", "failedRequest nameUnresolved"),
            ("api_timeout_5s.json", "failedRequest timedOut"),
            ("stream_disconnects.json", "failedRequest streamBroken"),
            ("no_api_key.json", "failedRequest credentialMissing"),
            ("error_max_turns.json", "maxTurns"),
            ("error_max_budget_usd.json", "maxBudget"),
            ("error_max_budget_usd_on_last_turn.json", "maxBudget"),
            ("stop_max_tokens.json", "modelStopped outputLimit"),
            ("stop_refusal.json", "modelStopped refusal"),
            ("prompt_starting_with_dash.json", "rejected badArguments"),
            ("prompt_after_allowedTools.json", "rejected badArguments"),
            ("resume_missing.json", "rejected sessionUnknown"),
            ("root_dangerously_skip_refused.json", "rejected runsAsRoot"),
            ("stream_json_without_verbose.json", "rejected badArguments"),
            ("error_max_turns_text_format.json", "rejected badArguments"),
        ]
    )
    func sample(name: String, expected: String) throws {
        #expect(try Sample.report(json: name).ending.label == expected)
    }

    @Test(
        "Every sample of a stream ends as its records and its exit code say",
        arguments: [
            ("success", 0, "finished"),
            ("subagent", 0, "finished"),
            ("subagent_partial", 0, "finished"),
            ("thinking", 0, "finished"),
            ("partial_messages", 0, "finished"),
            ("permission_denied", 0, "finished"),
            ("background_task_two_results", 0, "finished"),
            ("project_hooks_and_mcp", 0, "finished"),
            ("api_retry", 0, "finished"),
            ("api_hang_mid_300s", 0, "finished"),
            ("resumed", 0, "finished"),
            ("usage_limit_warning", 0, "finished"),
            ("api_400", 1, "failedRequest invalid 400"),
            ("401", 1, "failedRequest credentialRefused 401"),
            ("no_api_key", 1, "failedRequest credentialMissing"),
            ("credit_too_low", 1, "failedRequest creditExhausted 400"),
            ("prompt_too_long", 1, "failedRequest promptTooLong 400"),
            ("connection_refused", 1, "failedRequest unreachable"),
            ("dns_failure", 1, "failedRequest nameUnresolved"),
            ("timed_out", 1, "failedRequest timedOut"),
            ("broken_off", 1, "failedRequest streamBroken"),
            ("429_key", 1, "usageLimit"),
            ("429_key_retry_after", 1, "usageLimit"),
            ("usage_limit_oauth", 1, "usageLimit"),
            ("usage_limit_weekly_new_york", 1, "usageLimit"),
            ("resume_unknown", 1, "rejected sessionUnknown"),
            ("SIGINT_during_bash", 0, "interrupted"),
            ("SIGINT_pending", 0, "interrupted"),
            ("SIGTERM_during_bash", 143, "terminated"),
            ("pings", 143, "terminated"),
            ("SIGHUP", 129, "hungUp"),
            ("SIGKILL_pending", 137, "killed"),
        ] as [(String, Int32, String)]
    )
    func stream(name: String, code: Int32, expected: String) throws {
        #expect(try Sample.report(stream: "stream_\(name).jsonl", .exited(code)).ending.label == expected)
    }

    @Test("An error inside makes a session fail even where the exit code is 0")
    func exitZeroWithError() {
        let line = #"{"type":"result","subtype":"success","is_error":true,"result":"boom","api_error_status":500}"#
        let report = Sample.report(of: Array(line.utf8), .exited(0))
        #expect(report.ending == .failedRequest(.serverError, status: 500, message: "boom"))
    }

    @Test(
        "Empty output is never a finished session, whatever the exit code",
        arguments: [
            (0, "noResult"), (1, "rejected other"), (129, "hungUp"), (130, "interrupted"), (134, "noResult"),
            (137, "killed"), (139, "noResult"), (143, "terminated"),
        ] as [(Int32, String)]
    )
    func emptyOutput(code: Int32, expected: String) {
        let report = Sample.report(of: [], .exited(code))
        #expect(report.ending.label == expected)
        #expect(!report.hasBegun)
    }

    @Test("A stream without a result ends as the signal says, the kernel's word or a shell's")
    func signals() throws {
        let name = "stream_SIGTERM_during_bash.jsonl"
        let endings: [(Termination, AgentEnding)] = [
            (.exited(143), .terminated), (.signaled(15), .terminated), (.signaled(9), .killed), (.exited(137), .killed),
            (.signaled(1), .hungUp), (.signaled(2), .interrupted), (.exited(0), .noResult), (.exited(1), .noResult),
            (.signaled(11), .noResult),
        ]
        for (termination, ending) in endings {
            #expect(try Sample.report(stream: name, termination).ending == ending)
        }
    }

    @Test("SIGINT exits with 0 and is told by the record: interrupted, its cost known")
    func interrupted() throws {
        let report = try Sample.report(stream: "stream_SIGINT_during_bash.jsonl", .exited(0))
        #expect(report.ending == .interrupted)
        #expect(report.costUSD == 0.0215)
        #expect(!report.isCostEstimated)
    }

    @Test("A session that is stopped after its last words did not end by itself")
    func stoppedAfterResult() throws {
        #expect(try Sample.report(stream: "stream_success.jsonl", .exited(143)).ending == .terminated)
        #expect(try Sample.report(stream: "stream_success.jsonl", .signaled(9)).ending == .killed)
    }

    @Test("Docker's own words on standard output are told, not taken for the agent's")
    func dockerSpeaks() {
        let words = "OCI runtime exec failed: exec failed: unable to start container process: claude: not found"
        let report = Sample.report(of: Array((words + "\n").utf8), .exited(126))
        #expect(report.ending == .rejected(.other, message: words))
        #expect(report.malformedLines == 1)
        #expect(report.finalText.isEmpty)
    }

    @Test(
        "What the agent wrote to standard error is the reason where it never began",
        arguments: [
            ("error: unknown option '--no-such-flag'\n", Rejection.badArguments),
            ("Error: Session ID 11111111-1111-4111-8111-111111111111 is already in use.\n", .sessionInUse),
            ("\nNo conversation found with session ID: 1\n", .sessionUnknown),
            ("--dangerously-skip-permissions cannot be used with root/sudo privileges", .runsAsRoot),
            ("EROFS: read-only file system, mkdir '/tmp/claude-1000'", .other),
        ]
    )
    func rejectedReason(words: String, expected: Rejection) {
        let ending = Sample.report(of: [], .exited(1), standardError: words).ending
        #expect(ending == .rejected(expected, message: words.trimmed))
    }

    @Test("An error of the agent itself is neither the model's nor the user's")
    func broke() {
        let line = #"{"type":"result","subtype":"error_during_execution","is_error":true,"errors":["a","b"]}"#
        #expect(Sample.report(of: Array(line.utf8), .exited(1)).ending == .broke(message: "a; b"))
    }

    @Test(
        "The agent's own word for a failed request decides where no HTTP status came",
        arguments: [
            ("authentication_failed", nil, "failedRequest credentialRefused"),
            ("rate_limit", nil, "usageLimit"),
            ("server_error", nil, "failedRequest serverError"),
            ("overloaded", nil, "failedRequest overloaded"),
            ("billing_error", nil, "failedRequest creditExhausted"),
            ("model_not_found", nil, "failedRequest modelUnknown"),
            ("invalid_request", nil, "failedRequest invalid"),
            ("account_on_hold", nil, "failedRequest forbidden"),
            ("from_the_future", nil, "failedRequest other"),
            ("server_error", "no_response", "failedRequest timedOut"),
            ("server_error", "stream_idle_timeout", "failedRequest streamBroken"),
            ("server_error", "connection_failed", "failedRequest unreachable"),
            ("server_error", "tls_untrusted_ca", "failedRequest unreachable"),
            ("rate_limit", "usage_limit_reached", "usageLimit"),
        ] as [(String, String?, String)]
    )
    func wordWithoutStatus(word: String, typed: String?, expected: String) {
        let typed = typed.map { #""api_error":"\#($0)","# } ?? ""
        let lines = """
            {"type":"assistant","error":"\(word)","message":{"id":"m","content":[{"type":"text","text":"no"}]}}
            {"type":"result",\(typed)"subtype":"success","is_error":true,"result":"no"}
            """
        #expect(Sample.report(of: Array(lines.utf8), .exited(1)).ending.label == expected)
    }

    @Test(
        "Every HTTP status that is an error has its own reason",
        arguments: [
            (400, "failedRequest invalid 400"), (402, "failedRequest creditExhausted 402"),
            (408, "failedRequest timedOut 408"), (413, "failedRequest promptTooLong 413"),
            (422, "failedRequest invalid 422"), (429, "usageLimit"), (503, "failedRequest serverError 503"),
            (302, "failedRequest other 302"),
        ]
    )
    func status(code: Int, expected: String) {
        let line = #"{"type":"result","subtype":"success","is_error":true,"result":"no","api_error_status":\#(code)}"#
        #expect(Sample.report(of: Array(line.utf8), .exited(1)).ending.label == expected)
    }
}

extension AgentEnding {
    /// The case and what decides; messages and times are left out.
    var label: String {
        switch self {
        case .finished: "finished"
        case .maxTurns: "maxTurns"
        case .maxBudget: "maxBudget"
        case .usageLimit: "usageLimit"
        case .failedRequest(let failure, let status, _):
            "failedRequest \(failure)" + (status.map { " \($0)" } ?? "")
        case .modelStopped(let stop, _): "modelStopped \(stop)"
        case .interrupted: "interrupted"
        case .terminated: "terminated"
        case .hungUp: "hungUp"
        case .killed: "killed"
        case .noResult: "noResult"
        case .rejected(let rejection, _): "rejected \(rejection)"
        case .broke: "broke"
        case .replayDiverged: "replayDiverged"
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
