import Foundation
import Testing

@Suite("Program and agent are killed at random moments", .serialized, .container, .timeLimit(.minutes(15)))
struct RandomKillTests {
    /// How often: ORCHESTRATOR_TEST_KILLS, or a few times.
    private static let kills = ProcessInfo.processInfo.environment["ORCHESTRATOR_TEST_KILLS"].flatMap { Int($0) } ?? 6

    /// Steps with daemons that do not want to end, then for ever.
    private static let turns: [Turn] = [
        .writes("one.txt", "one\n"),
        .runs("setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 4321; done' </dev/null >/dev/null 2>&1 & echo 1"),
        .runs("env -i /usr/bin/setsid /bin/sleep 4322 </dev/null >/dev/null 2>&1 & echo 2"),
        .isBusy,
    ]

    /// A generator whose numbers are the same in each run (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test("After each reap leaves nothing in the sandbox, the journal is whole, and the task can be started again")
    func randomKills() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        var random = Seeded(state: 4)
        for round in 1...Self.kills {
            let moment = Int.random(in: 50...4000, using: &random)
            let program = try scene.start()
            try await Task.sleep(for: .milliseconds(moment))
            // One or the other goes first; without the program's seeing it.
            program.send(signal: Bool.random(using: &random) ? SIGSTOP : SIGKILL)
            _ = try await scene.container.shell("kill -9 $(pidof claude)")
            program.send(signal: SIGKILL)
            let end = try await program.end()
            #expect(end.isBySignal, "round \(round), \(moment) ms: it ended by itself: \(end.output)\(end.errors)")
            try await checkReaped(scene, "round \(round), after \(moment) ms")
        }
        let attempts = try await scene.place.journal()
        #expect(attempts.count <= Self.kills)
        #expect(attempts.allSatisfy { $0["exit_code"] == 137 && $0["cause"] == "interrupted" })

        let other = try await Model(Turn.scenario([.writesHello, .complete]), in: scene.place)
        let last = try await scene.run(["--json"], environment: ["ANTHROPIC_BASE_URL": other.server.url])
        #expect(last.code == 0, "\(last.output)\(last.errors)")
        // No fact is lost, and none is made up: what the counters tell is what the journal has.
        let all = try await scene.place.journal()
        let totals = try scene.receiver.totals(ofTrace: last.traceID)
        #expect(totals["orchestrator_tasks_total{status=failed}"]?.value == Double(attempts.count))
        #expect(totals["orchestrator_tasks_total{status=completed}"]?.value == 1)
        #expect(totals.sum("orchestrator_tokens_total") == all.map(\.tokens).reduce(0, +))
        try await scene.checkNothingLeft()
    }

    private func checkReaped(_ scene: Scene, _ when: String) async throws {
        let reap = try await scene.command("reap", "--json")
        #expect(reap.code == 0, "\(when): \(reap.output)\(reap.errors)")
        // Where nothing had been recorded yet there is nothing to reap; what was starting then ends by itself.
        _ = try await eventually("everything to end, \(when)", within: .seconds(20)) {
            try await scene.container.strangers().isEmpty && scene.container.clients().isEmpty ? true : nil
        }
        #expect(try await scene.place.journalIsWhole(), "\(when)")
        #expect(try await scene.place.journal().allSatisfy { $0["ended_at"] != .null }, "\(when): an attempt is open")
    }
}
