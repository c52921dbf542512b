import Foundation
import Testing

@Suite("Several runs at once", .serialized, .container, .timeLimit(.minutes(5)))
struct NeighbourTests {
    /// Works until a file tells it to go on.
    private static func waits(for file: String) -> Turn {
        .runs("touch at-\(file); while [ ! -e \(file) ]; do sleep 0.2; done")
    }

    @Test("The same task twice at once: the second is refused, naming the other; the first is not disturbed")
    func sameTask() async throws {
        let scene = try await Scene(Self.waits(for: "go"), .writesHello, .complete)
        let first = try scene.start(["--json"])
        try await scene.isBusy("at-go")
        let run = try #require(try await scene.place.journal().first?["run_id"].string)
        let asked = try scene.model.requests.count
        for form in [[], ["--json"], ["--events"]] {
            let second = try await scene.run(form)
            #expect(second.code == 69, "\(second.output)\(second.errors)")
            let words = "is at work already: run \(run), process \(first.identifier)"
            #expect(second.errors.contains(words), "\(second.errors)")
            if form != ["--events"] { #expect(!second.output.contains("FAILED") && !second.output.contains("{")) }
        }
        // By another spelling of the plan's path it is the same task.
        let spelled = Equipment.plan("../TestPlans/hello_world.md")
        #expect(try await scene.run(plan: spelled).code == 69)
        #expect(try scene.model.requests.count == asked)
        #expect(try await scene.place.journal().count == 1)
        let runs = try FileManager.default.contentsOfDirectory(atPath: scene.place.state + "/runs")
        #expect(runs == [run], "an empty run is left")
        _ = try await scene.container.shell("touch /workspace/go")
        let end = try await first.end()
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try end.json["notes"].array.isEmpty)
        try await scene.checkNothingLeft()
        let other = try await Model(Turn.scenario([.complete]), in: scene.place)
        let again = try await scene.run(environment: ["ANTHROPIC_BASE_URL": other.server.url])
        #expect(again.code == 0, "a lock is left: \(again.output)\(again.errors)")
    }

    @Test("Two plans at once are both completed; who works in one workspace with another is told so")
    func twoPlans() async throws {
        let scene = try await Scene(Self.waits(for: "go"), .writesHello, .complete)
        let first = try scene.start(["--json"])
        try await scene.isBusy("at-go")
        let other = try scene.plan("**Acceptance Criteria:**\n- [ ] File `hello.py` exists\n", name: "other.md")
        let model = try await Model(Turn.scenario([.writesHello, .complete]), in: scene.place)
        let second = try await scene.run(plan: other, ["--json"], environment: ["ANTHROPIC_BASE_URL": model.server.url])
        #expect(second.code == 0, "\(second.output)\(second.errors)")
        let run = try #require(try await scene.place.journal().first?["run_id"].string)
        let notes = try second.json["notes"].array.compactMap(\.string)
        #expect(notes.contains { $0.contains("same workspace at the same time: \(run) (task 1.1)") }, "\(notes)")
        // What ends with the second one is its own: the first is still at work.
        #expect(try await !scene.container.strangers().isEmpty)
        _ = try await scene.container.shell("rm -f /workspace/hello.py; touch /workspace/go")
        let end = try await first.end()
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try await scene.place.journal().map { $0["status"] } == ["completed", "completed"])
        try await scene.checkNothingLeft()
    }

    @Test("Eight runs of eight plans at once, in one journal: each is told truly, and the sums are right")
    func many() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let programs = try (1...8).map { number in
            let plan = try scene.plan("**Acceptance Criteria:**\n- [ ] Good\n", name: "plan-\(number).md")
            let agent = ["--sandbox", "local", "--agent", Equipment.replay("hello_world")]
            let workspace = scene.place.directory + "/w\(number)"
            try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
            return try scene.place.start(["task", plan, "1.1", "--workspace", workspace, "--json"] + agent)
        }
        for program in programs {
            let end = try await program.end(within: .seconds(150))
            #expect(end.code == 0, "\(end.output)\(end.errors)")
        }
        let attempts = try await scene.place.journal()
        #expect(attempts.count == 8)
        #expect(attempts.allSatisfy { $0["status"] == "completed" && $0["replayed"] == 1 })
        #expect(Set(attempts.map { $0["run_id"].string }).count == 8)
        #expect(try await scene.place.journalIsWhole())
    }
}
