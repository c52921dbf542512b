import Foundation
import Testing

@Suite("How much a person is told, and what nobody is told", .timeLimit(.minutes(2)))
struct ConsoleTextTests {
    /// A secret of the environment, and one that only its shape gives away.
    private static let known = "correct-horse-battery-staple"
    private static let token = "ghp_abcdefghijklmnopqrstuvwxyz0123"

    /// An agent that uses both in its words, in a call, and in a question.
    private static let talkative = """
        cat <<END
        {"type":"system","subtype":"init","session_id":"s","model":"m","claude_code_version":"9.9.9","tools":[]}
        {"type":"assistant","message":{"id":"1","model":"m","role":"assistant","content":[{"type":"text","text":"I use $MY_PASSWORD."},\
        {"type":"tool_use","id":"t","name":"Bash","input":{"command":"login $MY_PASSWORD \(token)"}}]}}
        {"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}}
        {"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"s","total_cost_usd":0,"modelUsage":{},\
        "result":"STATUS: needs_human\\nQUESTION: Is \(token) or $MY_PASSWORD right?\\nOPTIONS: A) $MY_PASSWORD B) none"}
        END
        """

    @Test(
        "No secret is printed, in any form; what is JSON stays JSON",
        arguments: [[], ["--verbose"], ["--quiet"], ["--json"], ["--events"]]
    )
    func secrets(_ form: [String]) async throws {
        let agent = try StandIn(Self.talkative, environment: ["MY_PASSWORD": Self.known])
        let end = try await agent.run(form)
        #expect(end.code == 2, "\(end.errors)")
        let all = end.output + end.errors
        #expect(!all.contains(Self.known) && !all.contains(Self.token), "\(all)")
        if form != ["--quiet"] { #expect(all.contains("Is [redacted] or [redacted] right?"), "\(all)") }
        if form == ["--verbose"] { #expect(all.contains("▸ Bash login [redacted] [redacted]"), "\(all)") }
        if form == ["--json"] || form == ["--events"] {
            for line in end.outputBytes.split(separator: 0x0A) { _ = try JSON(line) }
        }
        // In the journal they stay for who may read it; nothing that is printed of it has them either.
        for command in [["show", "latest"], ["show", "latest", "--json"], ["questions"], ["questions", "--json"]] {
            let told = try await agent.place.run(command, environment: ["MY_PASSWORD": Self.known])
            #expect(told.output.contains("[redacted]"), "\(told.output)\(told.errors)")
            #expect(!told.output.contains(Self.known) && !told.output.contains(Self.token), "\(told.output)")
        }
    }

    @Test("A terminal is shown no secret either")
    func secretsOnScreen() async throws {
        let agent = try StandIn(Self.talkative, environment: ["MY_PASSWORD": Self.known])
        let end = try await agent.runAtTerminal(["--no-ask"], environment: ["TERM": "xterm"])
        #expect(end.code == 2)
        #expect(end.output.contains("login [redacted] [redacted]"), "\(end.output.debugDescription)")
        #expect(!end.output.contains(Self.known) && !end.output.contains(Self.token))
    }

    @Test("Complaints have none")
    func complaint() async throws {
        let place = try Place(collector: nil)
        let end = try await place.run(["plan", "/\(Self.known).md"], environment: ["MY_PASSWORD": Self.known])
        #expect(end.code == 65)
        #expect(end.errors.contains("[redacted]") && !end.errors.contains(Self.known), "\(end.errors)")
    }

    @Test("--quiet prints the outcome's line on standard output, and nothing else there")
    func quiet() async throws {
        let end = try await StandIn().run(["-q"])
        #expect(end.code == 0)
        #expect(
            try #/\[\d\d:\d\d:\d\d\] Task 1\.1: COMPLETED \(.*\)\n/#.wholeMatch(in: end.output) != nil,
            "\(end.output)"
        )
        let failed = try await StandIn("exit 1").run(["--quiet"])
        #expect(failed.code == 1)
        #expect(failed.output.contains("FAILED (") && failed.output.count { $0 == "\n" } == 1, "\(failed.output)")
        #expect(failed.errors.contains("orchestrator: "), "\(failed.errors)")
    }

    @Test("--verbose prints every call, its end, and the agent's words, each with its time")
    func verbose() async throws {
        let agent = try StandIn(Self.talkative)
        let end = try await agent.run(["-v"])
        let lines = end.output.split(separator: "\n").map { String($0).replacing(#/\d\d:\d\d:\d\d/#, with: "T") }
        for line in ["[T] Session s, model m, version 9.9.9", "[T] I use .", "[T] ▸ Bash login [redacted]"] {
            #expect(lines.contains(line), "\(line) is missing in \(end.output)")
        }
        #expect(lines.contains { $0.contains(#/^\[T\] ✔ Bash \(\d+\.\ds\)$/#) }, "\(end.output)")
    }

    @Test(
        "--quiet and --verbose exclude each other, in all four commands",
        arguments: [
            ["task", "plan.md", "1.1"], ["answer", "latest", "A"], ["resume", "latest"], ["replay", "latest"],
        ]
    )
    func conflict(_ command: [String]) async throws {
        let end = try await Place(collector: nil).run(command + ["-q", "-v"])
        #expect(end.code == 64)
        #expect(end.errors.contains("--quiet and --verbose exclude each other."), "\(end.errors)")
    }
}
