import Foundation
import Testing

@Suite("What others write cannot play with the terminal", .timeLimit(.minutes(2)))
struct TerminalTests {
    /// Bytes that a terminal obeys: all controls but the newline and the tabulator, and those of the upper half (C1).
    private func isHarmless(_ end: Program.End) -> Bool {
        let scalars = (end.output + end.errors).unicodeScalars
        return !scalars.contains { scalar in
            let value = scalar.value
            return (value < 0x20 && value != 0x0A && value != 0x09) || (0x7F..<0xA0).contains(value)
        }
    }

    /// A recording with something put into the agent's words.
    private func recording(_ name: String, _ old: String, _ new: String, in place: Place) throws -> String {
        let file = "\(Equipment.root)/TestPlans/recordings/\(name).jsonl"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(old))
        return try "replay:" + place.write(text.replacing(old, with: new), to: "\(name).jsonl")
    }

    /// Sets the title, clears the screen, and the same with the controls of eight bits.
    private static let hostile = #"\u001b]0;owned\u0007 \u001b[2J \u009b31m \r\b "#

    @Test(
        "Questions and errors of an agent",
        arguments: [("needs_human", "Which format"), ("failed", "does not exist")]
    )
    func agent(_ name: String, _ words: String) async throws {
        let place = try Place(collector: try await Receiver.shared.server.url)
        let agent = try recording(name, words, Self.hostile + words, in: place)
        for form in [[], ["--json"]] {
            let task = ["task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "local", "--agent", agent]
            let end = try await place.run(task + ["--workspace", place.workspace] + form)
            #expect([1, 2].contains(end.code))
            #expect(end.output.contains(words), "\(end.output)\(end.errors)")
            #expect(isHarmless(end), "\(end.output.debugDescription)")
        }
    }

    @Test("Titles of a plan, in its list, its task and its complaints")
    func plan() async throws {
        let place = try Place(collector: try await Receiver.shared.server.url)
        let text = "# M \u{1B}[2J\n\n## Task 1.1: T \u{1B}]0;owned\u{7}\u{9B}31m\n\nDepends on: Task 7.7\u{1B}[2J\n\n"
        let file = try place.write(text + "**Acceptance Criteria:**\n- [ ] a\n", to: "plan.md")
        let agent = ["--sandbox", "local", "--workspace", place.workspace, "--agent", Equipment.replay("hello_world")]
        for arguments in [
            ["plan", file], ["plan", file, "--json"], ["task", file, "1.1"] + agent, ["task", file, "9"],
        ] {
            let end = try await place.run(arguments)
            #expect(!(end.output + end.errors).isEmpty)
            #expect(isHarmless(end), "\(end.output.debugDescription) \(end.errors.debugDescription)")
        }
    }

    @Test("A reader that goes away ends neither the task nor its record, as with `| head -n 1`")
    func readerGone() async throws {
        let receiver = try await Receiver.shared
        let place = try Place(collector: receiver.server.url)
        // Test runners may ignore SIGPIPE, which children inherit; a user's shell does not.
        let script = #"env --default-signal=PIPE "$0" "$@" | head -n 1; exit "${PIPESTATUS[0]}""#
        let task = ["task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "local", "--workspace"]
        let program = try Program(
            "/bin/bash",
            ["-c", script, Equipment.orchestrator] + task + [
                place.workspace, "--agent", Equipment.replay("hello_world"),
            ],
            environment: place.environment,
            directory: place.directory,
            files: place.directory
        )
        #expect(try await program.end().code == 0)
        let attempt = try #require(try await place.journal().first)
        #expect(attempt["status"] == "completed")
        #expect(try receiver.spans(ofTrace: attempt["trace_id"].string).count == 12)
    }
}
