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
            Row(ending: .usageLimit(message: "m", resetsAt: nil), expected: (.failed, .usageLimit, 3)),
            Row(ending: .request(.credentialMissing), expected: (.failed, .credentialMissing, 69)),
            Row(ending: .request(.credentialRefused), expected: (.failed, .credentialRefused, 69)),
            Row(ending: .request(.forbidden), expected: (.failed, .accessDenied, 69)),
            Row(ending: .request(.creditExhausted), expected: (.failed, .creditExhausted, 1)),
            Row(ending: .request(.modelUnknown), expected: (.failed, .modelUnknown, 1)),
            Row(ending: .request(.promptTooLong), expected: (.failed, .promptTooLong, 1)),
            Row(ending: .request(.invalid), expected: (.failed, .requestInvalid, 1)),
            Row(ending: .request(.overloaded), expected: (.failed, .modelOverloaded, 1)),
            Row(ending: .request(.serverError), claim: .complete, expected: (.failed, .modelError, 1)),
            Row(ending: .request(.unreachable), expected: (.failed, .modelUnreachable, 1)),
            Row(ending: .request(.nameUnresolved), expected: (.failed, .modelUnresolved, 1)),
            Row(ending: .request(.timedOut), expected: (.failed, .modelTimeout, 1)),
            Row(ending: .request(.streamBroken), expected: (.failed, .streamBroken, 1)),
            Row(ending: .modelStopped(.refusal, message: "m"), expected: (.failed, .modelRefused, 1)),
            Row(ending: .modelStopped(.outputLimit, message: "m"), expected: (.failed, .outputLimit, 1)),
            Row(ending: .noResult, claim: .complete, expected: (.failed, .agentBroke, 1)),
            Row(ending: .broke(message: "m"), expected: (.failed, .agentBroke, 1)),
            Row(ending: .interrupted, expected: (.failed, .agentInterrupted, 1)),
            Row(ending: .terminated, expected: (.failed, .agentTerminated, 1)),
            Row(ending: .hungUp, expected: (.failed, .agentHungUp, 1)),
            Row(ending: .killed, expected: (.failed, .agentKilled, 1)),
            Row(ending: .rejected(.badArguments, message: "m"), expected: (.failed, .agentRejected, 1)),
            Row(ending: .rejected(.sessionInUse, message: "m"), expected: (.failed, .sessionInUse, 1)),
            Row(ending: .rejected(.sessionUnknown, message: "m"), expected: (.failed, .sessionMissing, 1)),
            Row(ending: .rejected(.runsAsRoot, message: "m"), expected: (.failed, .agentAsRoot, 1)),
            Row(ending: .replayDiverged(message: "m"), claim: .complete, expected: (.failed, .replayDiverged, 1)),
            Row(ending: .noResult, stop: .timeLimit(.seconds(5)), expected: (.failed, .timeLimit, 3)),
            Row(ending: .terminated, stop: .idleLimit(.seconds(5)), expected: (.failed, .idleLimit, 3)),
            Row(ending: .terminated, stop: .turnLimit(5), expected: (.failed, .turnLimit, 3)),
            Row(ending: .terminated, stop: .tokenLimit(5), expected: (.failed, .tokenLimit, 3)),
            Row(ending: .terminated, stop: .costLimit(5), expected: (.failed, .costLimit, 3)),
            Row(ending: .terminated, stop: .dailyCostLimit(5), expected: (.failed, .dailyCostLimit, 3)),
            Row(ending: .terminated, stop: .usageLimit(resetsAt: nil), expected: (.failed, .usageLimit, 3)),
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

    @Test("Every cause has words of its own, and every failure says what can be done", arguments: Cause.allCases)
    func words(cause: Cause) {
        let row = cause.row
        #expect(!row.words.isEmpty && !row.words.hasSuffix("."))
        #expect(Cause.allCases.count { $0.row.words == row.words } == 1)
        #expect((row.advice != nil) == (row.status == .failed && cause != .replayDiverged))
        #expect((row.exitCode == .completed) == (row.status == .completed))
        #expect((row.exitCode == .needsHuman) == (row.status == .needsHuman))
        #expect(!row.passes || row.exitCode == .failed, "what passes is no limit and no lack")
    }

    @Test("Durations are told in the form in which options take them")
    func durations() {
        #expect(Duration.seconds(45).inWords == "45s")
        #expect(Duration.seconds(600).inWords == "10m")
        #expect(Duration.seconds(5400).inWords == "1h30m")
        #expect(Duration.milliseconds(250).inWords == "250ms")
    }
}

extension AgentEnding {
    /// A request that failed in this way.
    fileprivate static func request(_ failure: RequestFailure) -> AgentEnding {
        .failedRequest(failure, status: 500, message: "m")
    }
}
