import Foundation
import Testing

@Suite("A run is replayed from its stream", .serialized, .container, .timeLimit(.minutes(6)))
struct ReplayRunTests {
    /// The names of a trace's spans with those of their parents, sorted: its shape.
    private func shape(_ scene: Scene, _ trace: String?) throws -> [String] {
        let spans = try scene.receiver.spans(ofTrace: trace)
        let names = Dictionary(spans.map { ($0.spanID, $0.name) }) { first, _ in first }
        return spans.map { "\($0.name) < \($0.parentID.flatMap { names[$0] } ?? "-")" }.sorted()
    }

    /// Replays a run, and compares with it all that is told of both.
    private func checkReplay(_ scene: Scene, code: Int32, attempts count: Int = 1) async throws {
        let recorded = try await scene.place.journal()
        #expect(recorded.count == count)
        let run = try #require(recorded.first?["run_id"].string)
        let asked = try scene.model.requests.count
        let before = try scene.receiver.totals(ofTrace: recorded.last?["trace_id"].string)

        let file = scene.place.directory + "/replay-events.jsonl"
        let end = try await scene.command("replay", run, "--events")
        try end.outputBytes.write(to: URL(filePath: file))
        #expect(end.code == code, "\(end.output)\(end.errors)")
        #expect(try scene.model.requests.count == asked, "the model was asked")

        let all = try await scene.place.journal()
        let replayed = all.filter { $0["replayed"] == 1 }
        #expect(replayed.count == count)
        for (old, new) in zip(recorded, replayed) {
            for key in [
                "status", "cause", "exit_code", "claim", "verdict", "number", "task_id", "plan_hash", "retries",
                "fixes", "question", "options", "recommendation", "output", "turns",
            ] {
                #expect(old[key] == new[key], "\(key): \(old[key]) became \(new[key])")
            }
            #expect(old.tokens == new.tokens)
            let outcomes = [old, new].map { $0.stored("verification")["checks"].array.map { $0["outcome"] } }
            #expect(outcomes[0] == outcomes[1])
            #expect(try shape(scene, old["trace_id"].string) == shape(scene, new["trace_id"].string))
            let spans = try scene.receiver.spans(ofTrace: new["trace_id"].string)
            let root = spans.first { $0.name == "orchestrator.task" }
            #expect(root?.attributes["task.replayed"] == true)
        }
        let results = try end.outputBytes.split(separator: 0x0A).map { try JSON($0) }.filter { $0["event"] == "result" }
        #expect(results.count == count)
        #expect(results.allSatisfy { $0["result"]["replayed"] == true })
        let after = try scene.receiver.totals(ofTrace: replayed.last?["trace_id"].string)
        for name in ["orchestrator_tasks_total", "orchestrator_tokens_total", "orchestrator_cost_usd_total"] {
            #expect(after.sum(name) == before.sum(name), "\(name): what was replayed is not counted")
        }
        try await scene.checkNothingLeft()
    }

    @Test("A completed one")
    func completed() async throws {
        let scene = try await Scene("hello_world")
        #expect(try await scene.run().code == 0)
        try await checkReplay(scene, code: 0)
    }

    @Test("One that our checks contradict, again by our checks")
    func contradicted() async throws {
        let scene = try await Scene(.writes("hello.py", "print('Hallo, Welt!')\n"), .complete)
        #expect(try await scene.run().code == 1)
        try await checkReplay(scene, code: 1)
    }

    @Test("A question and its answer: both attempts, in one workspace")
    func answered() async throws {
        let scene = try await Scene(.asks, .writesHello, .complete)
        #expect(try await scene.run().code == 2)
        #expect(try await scene.command("answer", "latest", "A").code == 0)
        try await checkReplay(scene, code: 0, attempts: 2)
    }

    @Test("One that was mended with --fix: both invocations")
    func fixed() async throws {
        let scene = try await Scene(.complete, .writesHello, .complete)
        #expect(try await scene.run(["--fix", "1"]).code == 0)
        try await checkReplay(scene, code: 0)
    }

    @Test("One that was tried again after an overload")
    func retried() async throws {
        let scene = try await Scene(.fails(529, times: 1), .writesHello, .complete)
        #expect(try await scene.run(["--retries", "1"]).code == 0)
        try await checkReplay(scene, code: 0)
    }

    @Test("One that was stopped at the limit of time")
    func timeLimit() async throws {
        let scene = try await Scene(.writesHello, .isBusy)
        #expect(try await scene.run(["--timeout", "20s"]).code == 3)
        try await checkReplay(scene, code: 3)
    }

    @Test("One that was interrupted")
    func interrupted() async throws {
        let scene = try await Scene(.writesHello, .isBusy)
        let program = try scene.start()
        try await scene.isBusy()
        program.send(signal: SIGINT)
        #expect(try await program.end().code == 130)
        try await checkReplay(scene, code: 130)
    }
}
