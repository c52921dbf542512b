import Foundation
import Testing

@Suite("Questions are answered later, by another process", .serialized, .container, .timeLimit(.minutes(6)))
struct AnswerTests {
    private static let turns: [Turn] = [.asks, .writesHello, .complete]

    private func asked() async throws -> (scene: Scene, run: String) {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let end = try await scene.run(["--json"])
        #expect(end.code == 2, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["status"] == "needs_human")
        #expect(json["question"] == "Which format shall the greeting file have?")
        #expect(json["options"].array == ["plain text", "JSON", "YAML"])
        #expect(json["recommendation"] == "A, because nothing else in the workspace needs a parser.")
        try await scene.checkNothingLeft()
        return (scene, try #require(end.runID))
    }

    /// The last thing that a user said to the model at its second turn.
    private func told(_ scene: Scene) throws -> String {
        let request = try #require(try scene.model.requests.first { $0["step"] == 1 })
        return String(describing: try #require(request["body"]["messages"].array.last))
    }

    @Test(
        "By letter, by number, by free text and as recommended: one session, one run, and every token counted once",
        arguments: [
            ("B", "B) JSON"), ("3", "C) YAML"), ("Ask the other team first.", "Ask the other team first."),
            ("--recommended", "As you recommend: A, because nothing else"),
        ]
    )
    func answers(_ answer: String, _ words: String) async throws {
        let (scene, run) = try await asked()
        // A process in between, and the run named by the end of its id.
        #expect(try await scene.command("reap").code == 0)
        let end = try await scene.command("answer", String(run.suffix(6)), answer, "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["status"] == "completed" && json["verdict"] == "passed")
        #expect(json["run_id"] == .string(run))
        #expect(json["attempt"] == 2)
        #expect(json["continues"] == .string(run + ".1"))
        #expect(json["tokens_used"].number == Double(2 * Turn.tokens))
        #expect(abs((json["cost_usd"].number ?? 0) - 2 * Turn.cost) < 1e-9)
        #expect(try told(scene).contains(words))

        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["status"] } == ["needs_human", "completed"])
        #expect(attempts.map { $0["session_id"] } == [json["session_id"], json["session_id"]])
        #expect(attempts.map(\.tokens) == [Double(Turn.tokens), Double(2 * Turn.tokens)])
        #expect(attempts.last?["answer"].string?.contains(words) == true)
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        #expect(totals["orchestrator_tasks_total{status=needs_human}"]?.value == 1)
        #expect(totals["orchestrator_tasks_total{status=completed}"]?.value == 1)
        #expect(totals.sum("orchestrator_tokens_total") == Double(3 * Turn.tokens))
        #expect(abs(totals.sum("orchestrator_cost_usd_total") - 3 * Turn.cost) < 1e-9)
        let root = try scene.receiver.spans(ofTrace: end.traceID).first { $0.name == "orchestrator.task" }
        #expect(root?.attributes["task.continues"] == .string(run + ".1"))
        #expect(root?.attributes["task.attempt"] == 2)
        try await scene.checkNothingLeft()

        let again = try await scene.command("answer", run, "A")
        #expect(again.code == 64, "\(again.output)\(again.errors)")
        #expect(again.errors.contains("asks nothing: it is completed"), "\(again.errors)")
        #expect(try await scene.place.journal().count == 2)
    }

    @Test("Of two answers at once exactly one wins; the other is refused, and asks the model nothing")
    func race() async throws {
        let (scene, run) = try await asked()
        let programs = try ["A", "B"].map { answer in
            try scene.place.start(["answer", run, answer, "--json"], environment: scene.environment)
        }
        var ends: [Program.End] = []
        for program in programs { ends.append(try await program.end(within: .seconds(150))) }
        let codes = ends.map(\.code).sorted()
        #expect(codes == [0, 64] || codes == [0, 69], "\(ends.map(\.errors))")
        let loser = try #require(ends.first { $0.code != 0 })
        #expect(loser.errors.contains(run), "\(loser.errors)")
        #expect(loser.output == "")
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["status"] } == ["needs_human", "completed"])
        #expect(try scene.model.requests.count == 3)
        try await scene.checkNothingLeft()
    }

    @Test("A wrong letter, an empty answer and an unknown run are usage errors that change nothing")
    func wrong() async throws {
        let (scene, run) = try await asked()
        for (arguments, words) in [
            ([run, "Q"], "There is no option Q; there are 3."), ([run, " "], "The answer is empty"),
            (["nonesuch", "A"], "nonesuch"), ([run], "--recommended"),
        ] {
            let end = try await scene.place.run(["answer"] + arguments, environment: scene.environment)
            #expect(end.code == 64, "\(arguments): \(end.code) \(end.output)\(end.errors)")
            #expect(end.errors.contains(words), "\(end.errors)")
        }
        #expect(try await scene.place.journal().count == 1)
        #expect(try scene.model.requests.count == 1)
    }

    @Test("An answer can lead to another question, which is answered in its turn")
    func twice() async throws {
        let scene = try await Scene(.asks, .asks, .writesHello, .complete)
        #expect(try await scene.run().code == 2)
        #expect(try await scene.command("answer", "latest", "A").code == 2)
        let end = try await scene.command("answer", "latest", "B", "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try end.json["attempt"] == 3)
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["status"] } == ["needs_human", "needs_human", "completed"])
        #expect(attempts.map(\.tokens).reduce(0, +) == Double(4 * Turn.tokens))
    }

    @Test("A plan that has changed meanwhile is said; the attempt goes on with the plan as it was")
    func changedPlan() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] File `hello.py` exists\n")
        #expect(try await scene.run(plan: plan).code == 2)
        _ = try scene.plan("**Acceptance Criteria:**\n- [ ] File `other.py` exists\n")
        let end = try await scene.command("answer", "latest", "A")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect((end.output + end.errors).contains("has changed since"), "\(end.output)\(end.errors)")
        let hashes = Set(try await scene.place.journal().map { $0["plan_hash"].string })
        #expect(hashes.count == 1)
    }
}
