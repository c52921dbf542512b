import Agents
import Testing

@testable import Runner

@Suite("Outcomes")
struct OutcomeTests {
    /// One row of DESIGN.md's table.
    struct Row: Sendable, CustomTestStringConvertible {
        var ending: AgentEnding
        var claim: Claim.Status?
        var stop: StopCause?
        var expected: (TaskStatus, Cause, Int32)

        var testDescription: String {
            "\(ending), \(claim?.rawValue ?? "no claim"), \(stop.map { "\($0)" } ?? "no stop")"
        }
    }

    @Test(
        "Status, cause and exit code are those of the table",
        arguments: [
            Row(ending: .finished, claim: .complete, expected: (.completed, .claimedComplete, 0)),
            Row(ending: .finished, claim: .failed, expected: (.failed, .claimedFailed, 1)),
            Row(ending: .finished, claim: .needsHuman, expected: (.needsHuman, .question, 2)),
            Row(ending: .finished, expected: (.failed, .noStatus, 1)),
            Row(ending: .finished, claim: .complete, stop: .interrupted, expected: (.completed, .claimedComplete, 0)),
            Row(ending: .maxTurns, claim: .complete, expected: (.failed, .turnLimit, 3)),
            Row(ending: .maxBudget, expected: (.failed, .costLimit, 3)),
            Row(ending: .usageLimit(message: "m"), expected: (.failed, .usageLimit, 3)),
            Row(ending: .notAuthenticated(message: "m"), expected: (.failed, .credentialRefused, 69)),
            Row(ending: .apiError(status: 500, message: "m"), claim: .complete, expected: (.failed, .modelError, 1)),
            Row(ending: .modelStopped(reason: "refusal", message: "m"), expected: (.failed, .modelStopped, 1)),
            Row(ending: .noResult, claim: .complete, expected: (.failed, .agentBroke, 1)),
            Row(ending: .interrupted, expected: (.failed, .agentBroke, 1)),
            Row(ending: .rejected(message: "m"), expected: (.failed, .agentRejected, 1)),
            Row(ending: .replayDiverged(message: "m"), claim: .complete, expected: (.failed, .replayDiverged, 1)),
            Row(ending: .noResult, stop: .timeLimit(.seconds(5)), expected: (.failed, .timeLimit, 3)),
            Row(ending: .interrupted, stop: .interrupted, expected: (.failed, .interrupted, 130)),
            Row(ending: .noResult, stop: .terminated, expected: (.failed, .terminated, 143)),
            Row(ending: .noResult, stop: .hungUp, expected: (.failed, .hungUp, 129)),
        ]
    )
    func table(row: Row) {
        let outcome = Outcome.decide(ending: row.ending, claim: Claim(status: row.claim), stop: row.stop)
        #expect(outcome.status == row.expected.0)
        #expect(outcome.cause == row.expected.1)
        #expect(outcome.exitCode.rawValue == row.expected.2)
        #expect((outcome.error != nil) == (outcome.status == .failed), "a failure says what went wrong")
    }

    @Test("Durations are told in the form in which options take them")
    func durations() {
        #expect(Duration.seconds(45).inWords == "45s")
        #expect(Duration.seconds(600).inWords == "10m")
        #expect(Duration.seconds(5400).inWords == "1h30m")
        #expect(Duration.milliseconds(250).inWords == "250ms")
    }
}
