import Foundation
import Testing

@Suite("Wrong settings", .timeLimit(.minutes(2)))
struct UsageTests {
    @Test(
        "A wrong command line is a usage error",
        arguments: [
            ["--no-such-flag"], ["--max-turns", "0"], ["--max-turns", "many"], ["--timeout", "soon"],
            ["--timeout", "0"], ["--sandbox", "moon"], ["--agent", "somebody"], ["--agent", "replay:"],
        ]
    )
    func usage(_ arguments: [String]) async throws {
        try await Refusal.check(Refusal.task + arguments, code: 64, says: [arguments[0]])
    }

    /// A wrong orchestrator.yaml, and what must be said of it.
    static let files: [(text: String, words: [String])] = [
        ("max_turnz: 5\n", ["orchestrator.yaml", "max_turnz", "max_turns"]),
        ("max_turns: many\n", ["orchestrator.yaml", "max_turns", "many"]),
        ("task_timeout: soon\n", ["orchestrator.yaml", "task_timeout", "soon"]),
        ("sandbox: moon\n", ["orchestrator.yaml", "sandbox", "moon"]),
        ("- max_turns\n", ["orchestrator.yaml", "mapping"]),
        ("max_turns: [1, 2]\n", ["orchestrator.yaml", "max_turns"]),
        ("max_turns: {a\n", ["orchestrator.yaml"]),
    ]

    @Test("A wrong orchestrator.yaml is a usage error that names the file and the setting", arguments: files.indices)
    func file(_ index: Int) async throws {
        let place = try Place(collector: nil)
        try place.write(Self.files[index].text, to: "orchestrator.yaml")
        try await Refusal.check(Refusal.task, code: 64, says: Self.files[index].words, in: place)
    }

    @Test(
        "A wrong variable is a usage error that names it",
        arguments: [
            ("ORCHESTRATOR_TASK_TIMEOUT", "abc"), ("ORCHESTRATOR_MAX_TURNS", "-1"), ("ORCHESTRATOR_SANDBOX", "moon"),
            ("ORCHESTRATOR_CONFIG", "/no/such/file.yaml"),
        ]
    )
    func variable(_ name: String, _ value: String) async throws {
        let words = name == "ORCHESTRATOR_CONFIG" ? [value] : [name, value]
        try await Refusal.check(Refusal.task, environment: [name: value], code: 64, says: words)
    }

    @Test("A variable that is empty counts as not set")
    func emptyVariable() async throws {
        let place = try Place(collector: try await Receiver.shared.server.url)
        let end = try await place.replay("hello_world", environment: ["ORCHESTRATOR_TASK_TIMEOUT": ""])
        #expect(end.code == 0)
    }
}
