import Foundation
import Testing

@Suite("Limits are ours", .serialized, .container, .timeLimit(.minutes(6)))
struct LimitTests {
    /// Two turns, and a third in which the agent is busy for ever; it has used three turns' tokens then.
    private static let turns: [Turn] = [.runs("echo 1"), .runs("echo 2"), .isBusy]

    private func limited(_ cause: String, _ error: String, turns: Int? = 3) -> Expected {
        Expected(
            code: 3,
            status: "failed",
            cause: cause,
            error: error,
            tokens: turns.map { $0 * Turn.tokens },
            cost: turns.map { Double($0) * Turn.cost },
            verdict: "unchecked",
            checks: []
        )
    }

    @Test("Time: the daemon of a tool is ended too, and the JSON names what was found")
    func time() async throws {
        let daemon = "setsid sleep 4321 </dev/null >/dev/null 2>&1 &"
        let scene = try await Scene(.runs(daemon + " touch ready; while :; do sleep 1; done"))
        let expected = limited("time_limit", "The limit of time is reached: stopped after 20s.", turns: 1)
        let json = try await scene.check(expected, ["--timeout", "20s"])
        #expect(json["processes"]["found"].array.contains { $0["name"] == "sleep" })
        #expect(json["advice"].string?.contains("--timeout") == true)
    }

    @Test("Idle time: a service that sends pings for ever is noticed")
    func idle() async throws {
        let scene = try await Scene("hang")
        let words = "The agent told nothing for too long: nothing came from it for 6s."
        try await scene.check(limited("idle_limit", words, turns: nil), ["--idle-timeout", "6s", "--timeout", "100s"])
    }

    @Test("Turns: the one beyond the limit is not paid for")
    func turns() async throws {
        let scene = try await Scene("max_turns")
        try await scene.check(limited("turn_limit", "The limit of turns is reached"), ["--max-turns", "3"])
    }

    @Test("Tokens")
    func tokens() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        try await scene.check(
            limited("token_limit", "The limit of tokens is reached: more than 12000 were used."),
            ["--max-tokens", "12k"]
        )
    }

    @Test("Cost")
    func cost() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        try await scene.check(limited("cost_limit", "The limit of cost is reached"), ["--max-cost", "0.05"])
    }

    /// A time zone in which it is about noon, so that no day ends while a test runs.
    private static var noon: [String: String] {
        let hour = Int(Date().timeIntervalSince1970) / 3600 % 24
        return ["TZ": "NOON\(hour - 12)"]
    }

    @Test("Cost per day: when the day's money is spent, nothing is started and nothing recorded")
    func spentDay() async throws {
        let scene = try await Scene("hello_world")
        #expect(try await scene.run(environment: Self.noon).code == 0)
        let asked = try scene.model.requests.count
        for form in [[], ["--json"]] {
            let end = try await scene.run(["--max-cost-per-day", "0.01"] + form, environment: Self.noon)
            #expect(end.code == 3, "\(end.output)\(end.errors)")
            #expect(end.errors.contains("today's attempts have cost $0.02"), "\(end.errors)")
            #expect(end.errors.contains("--max-cost-per-day"))
        }
        #expect(try scene.model.requests.count == asked)
        #expect(try await scene.place.journal().count == 1)
        let runs = try FileManager.default.contentsOfDirectory(atPath: scene.place.state + "/runs")
        #expect(runs.count == 1, "an empty run is left: \(runs)")
        let more = try await scene.run(["--max-cost-per-day", "1"], environment: Self.noon)
        #expect(more.code == 0)
    }

    @Test("Cost per day: an attempt is stopped in the middle when its share is used up")
    func daysRest() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let first = try await scene.run(["--max-tokens", "9k"], environment: Self.noon)
        #expect(first.code == 3)
        let spent = try #require(try await scene.place.journal().first?["cost_usd"].number)
        #expect(spent >= 2 * Turn.cost - 1e-9)
        _ = try await scene.container.clear()
        let limit = ["--max-cost-per-day", "\(spent + 1.5 * Turn.cost)"]
        let end = try await scene.run(limit + ["--json"], environment: Self.noon)
        #expect(end.code == 3, "\(end.output)\(end.errors)")
        let json = try end.json
        #expect(json["cause"] == "daily_cost_limit")
        #expect((json["cost_usd"].number ?? 0) >= 2 * Turn.cost - 1e-9)
        let attempts = try await scene.place.journal()
        #expect(attempts.map { $0["cause"] } == ["token_limit", "daily_cost_limit"])
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        let all = attempts.reduce(0) { $0 + ($1["cost_usd"].number ?? .nan) }
        #expect(abs(totals.sum("orchestrator_cost_usd_total") - all) < 1e-9)
        try await scene.checkNothingLeft()
    }

    @Test("What a limit has stopped can be resumed under another limit, in its session")
    func resumed() async throws {
        let scene = try await Scene(.runs("echo 1"), .isBusy, .unasked, .writesHello, .complete)
        let first = try await scene.run(["--max-tokens", "9k", "--json"])
        #expect(try first.json["cause"] == "token_limit", "\(first.output)")
        let end = try await scene.command("resume", try #require(first.runID), "--json")
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(try end.json["session_id"] == first.json["session_id"])
        #expect(try end.json["tokens_used"].number == Double(2 * Turn.tokens), "earlier tokens are not counted twice")
        let attempts = try await scene.place.journal()
        #expect(attempts.map(\.tokens).reduce(0, +) == Double(4 * Turn.tokens))
        let totals = try scene.receiver.totals(ofTrace: end.traceID)
        #expect(totals.sum("orchestrator_tokens_total") == Double(4 * Turn.tokens))
        #expect(abs(totals.sum("orchestrator_cost_usd_total") - 4 * Turn.cost) < 1e-9)
        try await scene.checkNothingLeft()
    }
}
