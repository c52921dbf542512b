import Foundation
import Testing

@Suite("What our checks contradict is shown to the agent", .serialized, .container, .timeLimit(.minutes(4)))
struct FixTests {
    @Test("With --fix 1 the session goes on with the evidence, and what is mended then is completed")
    func mended() async throws {
        let scene = try await Scene(.complete, .writesHello, .complete)
        let json = try await scene.check(
            Expected(
                code: 0,
                status: "completed",
                cause: "claimed_complete",
                claim: "complete",
                tokens: 3 * Turn.tokens,
                cost: 3 * Turn.cost,
                verdict: "passed",
                checks: ["passed", "passed"],
                fixes: 1
            ),
            ["--fix", "1"]
        )
        #expect(json["changes"]["files"].array.map { $0["path"] } == ["hello.py"])
        let told = String(describing: try #require(try scene.model.requests.last)["body"]["messages"])
        #expect(told.contains("File `hello.py` exists"), "the agent is told what came out")
        #expect(told.contains("No such file or directory"))
    }

    @Test("With --fix 1 what is not mended is contradicted, after one more invocation and no more")
    func notMended() async throws {
        let scene = try await Scene(.complete)
        try await scene.check(
            Expected(
                code: 1,
                status: "failed",
                cause: "contradicted",
                error: "The agent claimed complete, and the checks say otherwise: File `hello.py` exists",
                claim: "complete",
                tokens: 2 * Turn.tokens,
                cost: 2 * Turn.cost,
                verdict: "failed",
                checks: ["failed", "failed"],
                fixes: 1
            ),
            ["--fix", "1"]
        )
        #expect(try scene.model.requests.count == 2)
    }

    @Test("A contradiction can be resumed later: the agent is shown the evidence in its own session")
    func resumed() async throws {
        let scene = try await Scene(.complete, .writesHello, .complete)
        let first = try await scene.run(["--json"])
        #expect(first.code == 1)
        let second = try await scene.command("resume", "latest", "--json")
        #expect(second.code == 0, "\(second.output)\(second.errors)")
        let json = try second.json
        #expect(json["verdict"] == "passed")
        #expect(try json["session_id"] == first.json["session_id"])
        #expect(try json["continues"] == .string(first.json["run_id"].string! + ".1"))
        #expect(json["attempt"] == 2)
        #expect(json["tokens_used"].number == Double(2 * Turn.tokens))
        #expect(try await scene.place.journal().map(\.tokens).reduce(0, +) == Double(3 * Turn.tokens))
        try await scene.checkNothingLeft()
    }
}
