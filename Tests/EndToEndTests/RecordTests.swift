import Foundation
import Testing

@Suite("What was done: runs, show and questions", .timeLimit(.minutes(3)))
struct RecordTests {
    private func place() throws -> Place { try Place(collector: try ClosedPort.shared.url) }

    @Test(
        "Without a journal there is a clear word, and nothing is made",
        arguments: [["runs"], ["show", "latest"], ["questions"]]
    )
    func noJournal(arguments: [String]) async throws {
        let place = try place()
        let end = try await place.run(arguments)
        #expect(end.code == 64)
        #expect(end.output.isEmpty)
        #expect(end.errors.contains("There are no runs yet: \(place.state) has no journal."), "\(end.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.state))
    }

    @Test("Runs are listed, the newest first, and picked by plan, task and status")
    func runs() async throws {
        let place = try place()
        let first = try await place.replay("hello_world")
        let second = try await place.replay("failed")
        let json = try await place.run(["runs", "--json"]).json
        #expect(json["schema_version"] == 1)
        let lines = json["runs"].array
        #expect(lines.map { $0["run_id"].string } == [second.runID, first.runID])
        #expect(lines.map { $0["status"] } == ["failed", "completed"])
        #expect(lines.last?["tokens_used"].number ?? 0 > 0)
        #expect(lines.allSatisfy { $0["replayed"] == true && $0["duration_seconds"].number != nil })

        let text = try await place.run(["runs"])
        #expect(text.code == 0)
        let rows = text.output.split(separator: "\n")
        #expect(rows.count == 3)
        #expect(rows.first?.hasPrefix("RUN ") == true, "\(text.output)")
        #expect(rows.last?.contains(first.runID ?? "?") == true && rows.last?.contains("completed (replay)") == true)

        func picked(_ arguments: [String]) async throws -> [String?] {
            try await place.run(["runs", "--json"] + arguments).json["runs"].array.map { $0["run_id"].string }
        }
        #expect(try await picked(["--status", "failed"]) == [second.runID])
        #expect(try await picked(["--limit", "1"]) == [second.runID])
        #expect(try await picked(["--task", "1.1"]).count == 2)
        #expect(try await picked(["--task", "9.9"]).isEmpty)
        #expect(try await picked(["--plan", Equipment.plan("hello_world.md")]).count == 2)
        #expect(try await picked(["--plan", Equipment.plan("health_check.md")]).isEmpty)
        #expect(try await place.run(["runs", "--status", "done"]).code == 64)
        #expect(try await place.run(["runs", "--limit", "0"]).code == 64)
    }

    @Test("One page tells all of a run, and its JSON says the same as the result")
    func show() async throws {
        let place = try place()
        let run = try await place.replay("hello_world", ["--json"])
        let result = try run.json
        let id = try #require(result["run_id"].string)
        let page = try await place.run(["show", String(id.suffix(6))])
        #expect(page.code == 0, "\(page.errors)")
        for text in [
            "Run \(id)", "1.1: Create hello.py", "SHA-256", "Attempt 1: COMPLETED (", "claimed_complete", "Claim:",
            "Verdict:",
            "Checks:", "Changed:", "Session:", "Stream:", "Last words:", "Turns:", "Used:",
        ] {
            #expect(page.output.contains(text), "\(text) in \(page.output)")
        }
        let json = try await place.run(["show", "latest", "--json"]).json
        #expect(json["schema_version"] == 1)
        #expect(json["run_id"] == .string(id))
        let attempt = try #require(json["attempts"].array.first)
        for key in [
            "task_id", "task_title", "status", "cause", "exit_code", "claim", "verdict", "checks", "unchecked_criteria",
            "changes", "tokens_used", "tokens", "models", "cost_usd", "cost_known", "cost_estimated", "turns",
            "retries",
            "fixes", "output", "session_id", "question", "options", "recommendation", "error", "advice", "resume_at",
            "replayed", "run_id", "attempt", "continues", "sandbox", "container", "workspace", "processes", "trace_id",
            "stream", "notes", "started_at", "plan", "duration_seconds",
        ] {
            #expect(attempt.keys.contains(key), "\(key)")
            #expect(attempt[key] == result[key], "\(key)")
        }
    }

    @Test("A run that is none, or may be several, is told apart")
    func lookup() async throws {
        let place = try place()
        _ = try await place.replay("hello_world")
        _ = try await place.replay("hello_world")
        let none = try await place.run(["show", "nothing"])
        #expect(none.code == 64)
        #expect(none.errors.contains("There is no run nothing."), "\(none.errors)")
        let several = try await place.run(["show", "2"])
        #expect(several.code == 64)
        #expect(several.errors.contains("Write more of the id."), "\(several.errors)")
    }

    @Test("A run whose runner was killed is shown as interrupted, one at work as running")
    func open() async throws {
        let place = try place()
        let arguments = [
            "task", Equipment.plan("hello_world.md"), "1.1", "--sandbox", "local", "--replay-speed", "0.01",
            "--workspace",
            place.workspace,
        ]
        let program = try place.start(arguments + ["--agent", Equipment.replay("hello_world")])
        _ = try await eventually("the attempt") { try await place.journal().first }
        let running = try await place.run(["runs", "--json", "--status", "running"]).json["runs"].array
        #expect(running.map { $0["status"] } == ["running"])
        let page = try await place.run(["show", "latest"])
        #expect(page.output.contains("Attempt 1: RUNNING"), "\(page.output)")
        #expect(page.output.contains("Process \(program.identifier) is at work on it."), "\(page.output)")
        program.send(signal: SIGKILL)
        _ = try await program.end()
        let dead = try await place.run(["show", "latest", "--json"]).json["attempts"].array.first
        #expect(dead?["status"] == "interrupted?")
        #expect(dead?["ended_at"] == .null)
        #expect(dead?.keys.contains("cause") == true)
        let text = try await place.run(["runs"])
        #expect(text.output.contains("interrupted?"), "\(text.output)")
    }

    @Test("Questions are nobody's where only replays asked")
    func noQuestions() async throws {
        let place = try place()
        _ = try await place.replay("needs_human")
        let end = try await place.run(["questions"])
        #expect(end.code == 0)
        #expect(end.output == "Nobody is asked anything.\n")
    }

    @Test("An open question is listed with its options and the command that answers it")
    func questions() async throws {
        let scene = try StandIn(
            """
            cat <<'EOF'
            {"type":"system","subtype":"init","session_id":"11111111-1111-4111-8111-111111111111","model":"m","claude_code_version":"9.9.9"}
            {"type":"result","subtype":"success","is_error":false,"num_turns":1,"total_cost_usd":0.01,"result":"STATUS: needs_human\\nQUESTION: Which database?\\nOPTIONS:\\n- SQLite\\n- PostgreSQL\\nRECOMMENDATION: SQLite","session_id":"11111111-1111-4111-8111-111111111111"}
            EOF
            """
        )
        let run = try await scene.run(["--json"])
        #expect(run.code == 2, "\(run.output)\(run.errors)")
        let id = try #require(try run.json["run_id"].string)
        let json = try await scene.place.run(["questions", "--json"]).json
        #expect(json["schema_version"] == 1)
        let question = try #require(json["questions"].array.first)
        #expect(question["question"] == "Which database?")
        #expect(question["options"].array.map { $0["letter"] } == ["A", "B"])
        #expect(question["options"].array.map { $0["text"] } == ["SQLite", "PostgreSQL"])
        #expect(question["answer_command"] == .string("orchestrator answer \(id) A"))
        let text = try await scene.place.run(["questions"])
        for line in ["\(id)  Task 1.1: ", "  Which database?", "  B) PostgreSQL", "  orchestrator answer \(id) A"] {
            #expect(text.output.contains(line), "\(line) in \(text.output)")
        }
    }
}
