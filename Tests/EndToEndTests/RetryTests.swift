import Foundation
import Testing

@Suite("What passes by itself, and what stays", .serialized, .container, .timeLimit(.minutes(6)))
struct RetryTests {
    @Test("An overloaded service is asked again, in one attempt, one trace and one row")
    func overload() async throws {
        let scene = try await Scene(.fails(529, times: 2), .writesHello, .complete)
        let json = try await scene.check(
            Expected(
                code: 0,
                status: "completed",
                cause: "claimed_complete",
                claim: "complete",
                tokens: 2 * Turn.tokens,
                cost: 2 * Turn.cost,
                verdict: "passed",
                checks: ["passed", "passed"],
                retries: 2
            ),
            ["--retries", "2"]
        )
        #expect(json["notes"].array.contains { $0.string?.contains("tried again (2 of 2)") == true })
    }

    @Test("There is a hard cap to it")
    func cap() async throws {
        let scene = try await Scene("status_529")
        try await scene.check(
            Expected(
                code: 1,
                status: "failed",
                cause: "model_overloaded",
                error: "The model's service is overloaded",
                tokens: 0,
                cost: 0,
                retries: 1
            ),
            ["--retries", "1"]
        )
    }

    @Test(
        "What stays is never tried again",
        arguments: [("status_400", "request_invalid"), ("refusal", "model_refused")]
    )
    func never(_ scenario: String, _ cause: String) async throws {
        let scene = try await Scene(scenario)
        let end = try await scene.run(["--retries", "2", "--json"])
        #expect(end.code == 1)
        #expect(try end.json["cause"] == .string(cause))
        #expect(try end.json["retries"] == 0)
        try await scene.checkNothingLeft()
    }

    /// A subscriber's credential, whose limits the agent tells of.
    private static let subscriber = ["ANTHROPIC_API_KEY": "", "CLAUDE_CODE_OAUTH_TOKEN": "sk-ant-oat-test"]

    /// A usage limit that is reset in so many seconds.
    private static func limit(_ seconds: Int, times: Int) -> Turn {
        .fails(
            429,
            times: times,
            message: "You have hit your limit",
            headers: [
                "anthropic-ratelimit-unified-status": "rejected",
                "anthropic-ratelimit-unified-reset": "now+\(seconds)",
                "anthropic-ratelimit-unified-representative-claim": "five_hour",
            ]
        )
    }

    @Test("An account's usage limit parks the attempt with the time when it can go on; before that nothing is asked")
    func parked() async throws {
        let scene = try await Scene(Self.limit(3600, times: 9), .complete)
        let json = try await scene.check(
            Expected(
                code: 3,
                status: "failed",
                cause: "usage_limit",
                error: "The account's usage limit is reached",
                tokens: 0,
                cost: 0
            ),
            ["--retries", "2"],
            environment: Self.subscriber
        )
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = try style.parse(try #require(json["resume_at"].string))
        #expect(abs(date.timeIntervalSinceNow - 3600) < 300)
        let run = try #require(json["run_id"].string)
        let asked = try scene.model.requests.count
        let early = try await scene.command("resume", run, environment: Self.subscriber)
        #expect(early.code == 3, "\(early.output)\(early.errors)")
        #expect(early.errors.contains("is parked until") && early.errors.contains("--wait"), "\(early.errors)")
        #expect(try scene.model.requests.count == asked)
        #expect(try await scene.place.journal().count == 2)
    }

    @Test("With --wait the attempt waits for the reset and goes on to its outcome")
    func waits() async throws {
        let scene = try await Scene(Self.limit(4, times: 1), .writesHello, .complete)
        let end = try await scene.run(["--wait", "--json"], environment: Self.subscriber)
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["status"] == "completed")
        #expect(json["retries"] == 0)
        #expect(json["resume_at"] == .null)
        #expect(json["tokens_used"].number == Double(2 * Turn.tokens))
        #expect(json["notes"].array.contains { $0.string?.contains("for the account's usage limit") == true })
        #expect(try await scene.place.journal().map { $0["status"] } == ["completed"])
        let spans = try scene.receiver.spans(ofTrace: end.traceID)
        let reasons = spans.compactMap { $0.attributes["orchestrator.invocation.reason"]?.string }
        #expect(Set(reasons) == ["first", "usage_limit"])
    }

    @Test("`resume --wait` waits for a parked attempt's reset, and Ctrl-C ends the wait")
    func resumeWaits() async throws {
        let scene = try await Scene(Self.limit(25, times: 1), .writesHello, .complete)
        let first = try await scene.run(["--json"], environment: Self.subscriber)
        #expect(first.code == 3, "\(first.output)\(first.errors)")
        let run = try #require(first.runID)
        let environment = scene.environment.merging(Self.subscriber) { $1 }
        let impatient = try scene.place.start(["resume", run, "--wait"], environment: environment)
        _ = try await eventually("the wait") { impatient.writtenSoFar.contains("Waiting until") ? true : nil }
        impatient.send(signal: SIGINT)
        #expect(try await impatient.end().code == 130)
        let end = try await scene.command("resume", run, "--wait", environment: Self.subscriber)
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try await scene.place.journal().map { $0["status"] } == ["failed", "completed"])
        try await scene.checkNothingLeft()
    }

    /// Kills the Docker client that carries the agent, as `kill -9` of a user or the OOM killer would.
    private func killClient(_ scene: Scene) throws {
        let clients = scene.container.clients()
        #expect(!clients.isEmpty)
        for client in clients { kill(client, SIGKILL) }
    }

    @Test("A docker client that is killed is told as such; what it carried does not run on")
    func clientKilled() async throws {
        let scene = try await Scene(.isBusy)
        let program = try scene.start(["--json"])
        try await scene.isBusy()
        try killClient(scene)
        let end = try await program.end()
        #expect(end.code == 69, "\(end.output)\(end.errors)")
        #expect(try end.json["cause"] == "sandbox_broke", "\(end.output)")
        #expect(try await scene.place.journal().map { $0["cause"] } == ["sandbox_broke"])
        let root = try scene.receiver.spans(ofTrace: end.traceID).first { $0.name == "orchestrator.task" }
        #expect(root?.attributes["error.type"] == "sandbox_broke")
        try await scene.checkNothingLeft()
    }

    @Test("With --retries 1 the session goes on after it, to completion")
    func clientKilledAndRetried() async throws {
        let scene = try await Scene(.isBusy, .unasked, .writesHello, .complete)
        let program = try scene.start(["--json", "--retries", "1"])
        try await scene.isBusy()
        try killClient(scene)
        let end = try await program.end(within: .seconds(150))
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["retries"] == 1)
        #expect(json["verdict"] == "passed")
        #expect(try await scene.place.journal().map { $0["status"] } == ["completed"])
        let tokens = json["tokens_used"].number ?? 0
        #expect(tokens >= Double(3 * Turn.tokens) && tokens < Double(4 * Turn.tokens), "\(tokens)")
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        #expect(totals.sum("orchestrator_tokens_total") == tokens)
        try await scene.checkNothingLeft()
    }
}
