import Foundation
import Testing

@Suite("A terminal shows an attempt while it goes on", .serialized, .timeLimit(.minutes(3)))
struct LiveScreenTests {
    /// A session as a shell script; each step waits for a file of its name in the home directory.
    private struct Session {
        var script = ""

        mutating func prints(_ record: String) { script += "cat <<'END'\n\(record)\nEND\n" }

        mutating func waits(for step: String) { script += "while [ ! -e \"$HOME/\(step)\" ]; do sleep 0.02; done\n" }

        mutating func says(_ blocks: String..., parent: String = "null", id: String) {
            let usage =
                #"{"input_tokens":1000,"output_tokens":200,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}"#
            let message =
                #"{"id":"\#(id)","type":"message","role":"assistant","model":"claude-opus-5-5","#
                + #""content":[\#(blocks.joined(separator: ","))],"usage":\#(usage)}"#
            prints(#"{"type":"assistant","parent_tool_use_id":\#(parent),"session_id":"s","message":\#(message)}"#)
        }

        mutating func ends(_ id: String, isError: Bool = false, parent: String = "null") {
            let result = #"{"type":"tool_result","tool_use_id":"\#(id)","content":"x","is_error":\#(isError)}"#
            prints(
                #"{"type":"user","parent_tool_use_id":\#(parent),"message":{"role":"user","content":[\#(result)]}}"#
            )
        }

        static func text(_ text: String) -> String { #"{"type":"text","text":"\#(text)"}"# }

        static func call(_ id: String, _ name: String, _ input: String) -> String {
            #"{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":\#(input)}"#
        }

        static let start =
            #"{"type":"system","subtype":"init","session_id":"s","model":"claude-opus-5-5","claude_code_version":"9.9.9","tools":[]}"#
        static let end =
            #"{"type":"result","subtype":"success","is_error":false,"result":"STATUS: complete","num_turns":1,"session_id":"s","#
            + #""total_cost_usd":0.25,"modelUsage":{"claude-opus-5-5":{"inputTokens":4000,"outputTokens":800,"costUSD":0.25}}}"#
    }

    /// Two calls side by side, one of them a sub-agent's, a refusal, a retry, and the end.
    private static let script: String = {
        var session = Session()
        session.prints(Session.start)
        session.says(Session.text("I look first. 日本語 e\u{301} ✅"), id: "m1")
        session.says(
            Session.call("t1", "Read", #"{"file_path":"/workspace/Grüße.md"}"#),
            Session.call("t2", "Task", #"{"description":"Explore 探索","prompt":"p"}"#),
            id: "m2"
        )
        let command =
            "grep -rn \\\"TODO\\\" tests/ | head -50 && echo it goes on and on until it does not fit into the line"
        session.says(Session.call("c1", "Bash", #"{"command":"\#(command)"}"#), parent: #""t2""#, id: "m3")
        session.waits(for: "one")
        session.ends("t1")
        session.ends("c1", isError: true, parent: #""t2""#)
        session.says(Session.call("c2", "Grep", #"{"pattern":"x"}"#), parent: #""t2""#, id: "m4")
        session.prints(
            #"{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"retry_delay_ms":1,"error_status":529,"error":"overloaded"}"#
        )
        session.waits(for: "two")
        session.ends("c2", parent: #""t2""#)
        session.ends("t2")
        session.says(Session.call("t3", "Bash", #"{"command":"curl http://example.com"}"#), id: "m5")
        session.prints(
            #"{"type":"system","subtype":"permission_denied","tool_name":"Bash","tool_use_id":"t3","decision_reason":"needs approval"}"#
        )
        session.ends("t3", isError: true)
        session.waits(for: "three")
        session.prints(Session.end)
        return session.script
    }()

    private static let head = [
        "[00:00:00] Task 1.1: Create hello.py",
        "           Nothing is isolated: commands run as you, with all that you may read, write and reach.",
        "           Invoking Claude Code...",
    ]

    private func go(_ step: String, _ agent: StandIn) throws { try agent.place.write("", to: "home/\(step)") }

    @Test(
        "Redrawn in place; what is over scrolls up; at the end stands what a file would have, and the cursor is there"
    )
    func whole() async throws {
        let agent = try StandIn(Self.script)
        let screen = try await agent.show()
        try await screen.isEventually(
            Self.head + [
                "           Task 1.1 · working · 0s · 2 turns · 3.6k tokens · ~$0.02",
                "           ▸ Read /workspace/Grüße.md 0s", "           ▸ Task Explore 探索 0s",
                #"             ▸ Bash grep -rn "TODO" tests/ | head -50 && echo it goes on and on until it does … 0s"#,
                "           I look first. 日本語 e\u{301} ✅",
            ]
        )
        #expect(try await screen.value("cursor_flag") == "0")
        try go("one", agent)
        try await screen.isEventually(
            Self.head + [
                "           ✔ Read /workspace/Grüße.md 0s",
                "           The agent tries its request again (1): HTTP 529, overloaded",
                "           Task 1.1 · working · 0s · 2 turns · 4.8k tokens · ~$0.03 · 1 retry",
                "           ▸ Task Explore 探索 0s",
                #"             ✘ Bash grep -rn "TODO" tests/ | head -50 && echo it goes on and on until it does … 0s"#,
                "             ▸ Grep x 0s", "           I look first. 日本語 e\u{301} ✅",
            ]
        )
        try go("two", agent)
        let over = [
            "           ✔ Read /workspace/Grüße.md 0s",
            "           The agent tries its request again (1): HTTP 529, overloaded", "           ✔ Task Explore 探索 0s",
            #"             ✘ Bash grep -rn "TODO" tests/ | head -50 && echo it goes on and on until it does … 0s"#,
            "             ✔ Grep x 0s", "           ✘ Bash curl http://example.com denied: needs approval",
        ]
        try await screen.isEventually(
            Self.head + over + [
                "           Task 1.1 · working · 0s · 3 turns · 6.0k tokens · ~$0.04 · 1 retry",
                "           I look first. 日本語 e\u{301} ✅",
            ]
        )
        try go("three", agent)
        #expect(try await screen.end() == 0)
        let lines = try await screen.history()
        let checks = [
            "           Check passed: File `hello.py` exists in workspace root",
            "           Check passed: Running `python hello.py` outputs \"Hello, World!\"",
            "[00:00:00] Task 1.1: COMPLETED (0s, 4.8k tokens, $0.25)", "           Checked: 2 passed",
        ]
        let expected = Self.head + over + checks
        #expect(Array(lines.prefix(expected.count)) == expected, "\(lines.joined(separator: "\n"))")
        #expect(!lines.contains { $0.contains("working") || $0.contains("▸") }, "\(lines)")
        #expect(try await screen.value("cursor_flag") == "1")
        #expect(try await screen.value("wrap_flag") == "1")
    }

    @Test(
        "Follows the size of its window, down to a few columns and rows",
        arguments: [(60, 10), (20, 6), (20, 3), (7, 2)]
    )
    func resized(_ columns: Int, _ rows: Int) async throws {
        let agent = try StandIn(Self.script)
        let screen = try await agent.show()
        _ = try await screen.shows("▸ Bash")
        try await screen.resize(columns: columns, rows: rows)
        // Without indentation: it was drawn anew.
        func isStatus(_ line: String) -> Bool { line.hasPrefix("Task 1.1 · working") || line.hasPrefix("worki") }
        let lines = try await eventually("the status in the smaller window", every: Screen.pause) {
            let lines = try await screen.lines()
            return lines.count(where: isStatus) == 1 && lines.count <= rows ? lines : nil
        }
        // A row stays free, so that nothing scrolls.
        let area = lines.drop { !isStatus($0) }
        #expect(area.count <= max(1, rows - 1), "\(lines)")
        #expect(area.dropFirst().contains { $0.hasPrefix("▸ Task") } == (rows >= 6), "\(lines)")
        try await screen.resize(columns: 100, rows: 30)
        for step in ["one", "two", "three"] { try go(step, agent) }
        #expect(try await screen.end() == 0)
        #expect(try await screen.lines().contains { $0.contains("COMPLETED") })
    }

    @Test("Ctrl-C: says so, tells what was cut off, and gives the terminal back")
    func interrupted() async throws {
        let agent = try StandIn(Self.script)
        let screen = try await agent.show()
        _ = try await screen.shows("▸ Bash")
        try await screen.press("C-c")
        #expect(try await screen.end() == 130)
        let lines = try await screen.history()
        #expect(lines.contains("           Stopping the agent..."), "\(lines)")
        #expect(lines.contains("           – Task Explore 探索 cut off"), "\(lines)")
        #expect(lines.contains { $0.contains("FAILED (") })
        #expect(!lines.contains { $0.contains("working") || $0.contains("stopping") || $0.contains("▸") }, "\(lines)")
        #expect(try await screen.value("cursor_flag") == "1")
    }

    @Test("However much happens, no more than ten frames a second are written, and what is not shown is counted")
    func burst() async throws {
        var session = Session()
        session.prints(Session.start)
        // Calls of one response; sed puts the number in the place of each &.
        var both = Session()
        both.says(Session.call("t&", "Bash", #"{"command":"echo &"}"#), id: "m")
        both.ends("t&")
        let records = both.script.split(separator: "\n").filter { $0.hasPrefix("{") }.joined(separator: "\\n")
        session.script += "seq 5000 | sed 's|.*|\(records)|'\n"
        session.prints(Session.end)
        let agent = try StandIn(session.script)
        let began = ContinuousClock.now
        let end = try await agent.runAtTerminal(environment: ["TERM": "xterm"])
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        #expect(end.code == 0, "\(end.output.suffix(2000))")
        let frames = end.output.matches(of: #/\u{1B}\[\?2026h/#).count
        #expect(frames > 1 && Double(frames) <= seconds * 10 + 3, "\(frames) frames in \(seconds) s")
        // Every call is there: in a line of its own, or in a count.
        let lines = end.output.split(whereSeparator: \.isNewline)
        let shown = lines.count { $0.contains("✔") }
        let counted = lines.compactMap { $0.firstMatch(of: #/… (\d+) more/#).flatMap { Int($0.1) } }.reduce(0, +)
        #expect(shown + counted == 5000, "\(shown) and \(counted)")
        // What is said besides is not among them.
        #expect(lines.contains { $0.contains("Invoking Claude Code...") })
    }

    @Test(
        "Where a terminal cannot do it, or nobody sits there, lines are printed as into a file",
        arguments: [["TERM": "dumb"], [:], ["TERM": "xterm", "NO_COLOR": "1"]]
    )
    func plain(_ environment: [String: String]) async throws {
        let end = try await StandIn().runAtTerminal(environment: environment)
        #expect(end.code == 0)
        #expect(!end.output.contains("\u{1B}"), "\(end.output.debugDescription)")
        #expect(end.output.contains("Task 1.1: COMPLETED ("))
    }

    @Test("In CI colours are used, but nothing is redrawn")
    func automatic() async throws {
        let end = try await StandIn().runAtTerminal(environment: ["TERM": "xterm", "CI": "true"])
        #expect(end.output.contains("Task 1.1: \u{1B}[1;32mCOMPLETED\u{1B}[0m ("), "\(end.output.debugDescription)")
        #expect(!end.output.contains("\u{1B}[?"))
    }
}
